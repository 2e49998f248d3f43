import { PushedMetrics } from '@mini-claude-bot/contract';
import type { Dashboard } from '../dashboard.ts';
import type { DashboardState } from '../store/dashboard-state.ts';
import { StoreError } from '../store/store.ts';
import { hasBearer } from './bearer.ts';
import { foldPush } from './fold-push.ts';
import { readBody } from './read-body.ts';

/** A year of days by model, with all that an owner can make public, is a third of it. */
const longestBytes = 2 * 1024 * 1024;
/** Clocks differ. One that is far ahead would have all later pushes refused as old. */
const aheadMs = 10 * 60_000;

/** What a push is answered. */
export interface PushAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

const refused = (status: number, detail: string): PushAnswer => ({ status, body: { detail } });

/** Takes pushes, one after the other: each goes on from what the one before it left. */
export class PushGate {
  #last: Promise<unknown> = Promise.resolve();

  async accept(request: Request, dashboard: Dashboard, nowMs: number): Promise<PushAnswer> {
    const { secret } = dashboard.settings;
    if (secret === undefined) {
      return refused(503, 'METRICS_SECRET is not set here: set it to what the gateway has.');
    }
    // Before anything of the body is read.
    if (!hasBearer(request.headers.get('authorization'), secret)) {
      return { ...refused(401, 'The secret is wrong.'), headers: { 'www-authenticate': 'Bearer' } };
    }
    const body = await readBody(request, longestBytes);
    if (body === undefined) return refused(413, `More than ${longestBytes} bytes.`);
    const metrics = parseMetrics(body);
    if (typeof metrics === 'string') return refused(400, metrics);
    if (Date.parse(metrics.timestamp) > nowMs + aheadMs) {
      return refused(400, 'The timestamp is in the future: is the clock of the gateway right?');
    }
    const done = this.#last.then(() => keep(metrics, dashboard, nowMs));
    this.#last = done.catch(() => {});
    return done;
  }
}

async function keep(
  metrics: PushedMetrics,
  { store, settings }: Dashboard,
  nowMs: number,
): Promise<PushAnswer> {
  try {
    const before = await store.newest();
    const age = before === undefined ? 1 : compareTimes(metrics, before);
    if (age < 0) return refused(409, `There are newer ones, of ${before?.metrics.timestamp}.`);
    // Sent again, since the answer was lost.
    if (before !== undefined && age === 0) return taken(before);
    return taken(await store.write(foldPush(before, metrics, nowMs, settings.staleMs)));
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { retryAfter } = error;
    return {
      ...refused(error.status, error.message),
      ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
    };
  }
}

const taken = ({ metrics, leftOut }: DashboardState): PushAnswer => ({
  status: 200,
  body: { status: 'ok', timestamp: metrics.timestamp, left_out: leftOut },
});

const compareTimes = (metrics: PushedMetrics, before: DashboardState): number =>
  Date.parse(metrics.timestamp) - Date.parse(before.metrics.timestamp);

/** @returns a string: what is wrong with it */
function parseMetrics(body: string): PushedMetrics | string {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return 'The body is not JSON.';
  }
  const parsed = PushedMetrics.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  return `The body is not what the gateway sends: ${first?.path.join('.')}: ${first?.message}`;
}
