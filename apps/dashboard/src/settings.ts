import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const text = z
  .string()
  .trim()
  .transform((value) => (value === '' ? undefined : value))
  .optional();

const whole = (unset: number, max: number) =>
  z
    .string()
    .regex(/^\d*$/)
    .transform((value) => (value === '' ? unset : Number(value)))
    .pipe(z.int().min(1).max(max))
    .default(unset);

const Settings = z.object({
  /** The same here and where the gateway is. */
  METRICS_SECRET: text,
  /** How long after a push the gateway counts as up, and its figures as new. */
  DASHBOARD_STALE_MINUTES: whole(15, 7 * 24 * 60),
  DASHBOARD_FILE: text,
  /** The connection string that Vercel makes; it has a token in it. */
  EDGE_CONFIG: text,
  EDGE_CONFIG_MAX_KB: whole(8, 512),
  /** Writes to the Edge Config. */
  VERCEL_API_TOKEN: text,
  VERCEL_TEAM_ID: text,
  VERCEL_API_URL: text,
  /** Set by Vercel itself. */
  VERCEL: text,
});

/** Where the figures are kept. */
export type StoreSettings =
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'edge-config';
      readonly connection: string;
      /** Unset: it can be read only. */
      readonly apiToken: string | undefined;
      readonly teamId: string | undefined;
      readonly apiUrl: string;
      readonly maxBytes: number;
    };

export interface DashboardSettings {
  readonly secret: string | undefined;
  readonly staleMs: number;
  readonly store: StoreSettings;
}

/** A setting can't be used; the message says which, and never its value. */
export class SettingsError extends Error {}

/** @throws SettingsError */
export function readSettings(environment: Readonly<Record<string, string | undefined>>) {
  const parsed = Settings.safeParse(environment);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))];
    throw new SettingsError(`${names.join(', ')} can't be used: a whole number is expected.`);
  }
  const found = parsed.data;
  return {
    secret: found.METRICS_SECRET,
    staleMs: found.DASHBOARD_STALE_MINUTES * 60_000,
    store: storeOf(found),
  } satisfies DashboardSettings;
}

function storeOf(found: z.infer<typeof Settings>): StoreSettings {
  const { EDGE_CONFIG: connection } = found;
  if (connection !== undefined) {
    return {
      kind: 'edge-config',
      connection,
      apiToken: found.VERCEL_API_TOKEN,
      teamId: found.VERCEL_TEAM_ID,
      apiUrl: found.VERCEL_API_URL ?? 'https://api.vercel.com',
      maxBytes: found.EDGE_CONFIG_MAX_KB * 1024,
    };
  }
  if (found.VERCEL !== undefined) {
    throw new SettingsError('EDGE_CONFIG is not set: connect an Edge Config to this project.');
  }
  const path = found.DASHBOARD_FILE ?? join(homedir(), '.mini-claude-bot', 'dashboard.json');
  return { kind: 'file', path };
}
