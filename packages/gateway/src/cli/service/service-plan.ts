/** What a service is made of, whatever system it is for. */
export interface ServicePlan {
  /** Paths of Node and of our program, without links that may change. */
  readonly node: string;
  readonly program: string;
  /** Where the `.env` file is: what the service goes by. */
  readonly directory: string;
  /** What it has besides: `PATH`, and settings that are not in that file. No secrets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Most memory, Claude's processes included: `80%`, or megabytes. */
  readonly memoryMax: MemoryLimit;
  /** How long it has to end by itself, in seconds. */
  readonly stopSeconds: number;
}

/** A share of the machine's memory, or megabytes. */
export type MemoryLimit =
  | { readonly kind: 'percent'; readonly value: number }
  | { readonly kind: 'megabytes'; readonly value: number };

/** @returns undefined for what is no limit */
export function parseMemoryLimit(text: string): MemoryLimit | undefined {
  const [, digits = '', unit = ''] = /^(\d{1,7})\s*(%|m|g)$/i.exec(text.trim()) ?? [];
  const value = Number(digits);
  if (digits === '' || value === 0) return undefined;
  if (unit === '%') return value <= 100 ? { kind: 'percent', value } : undefined;
  return { kind: 'megabytes', value: unit.toLowerCase() === 'g' ? value * 1024 : value };
}

/** Of the service, and of its watchdog. */
export const serviceName = 'mini-claude-bot';
export const watchdogName = 'mini-claude-bot-watchdog';

/** How often the watchdog looks, in seconds. */
export const watchEverySeconds = 60;

/** A file of a service. */
export interface ServiceFile {
  readonly path: string;
  readonly text: string;
}
