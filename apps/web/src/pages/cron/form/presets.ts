import type { cronEn } from '../../../i18n/cron.en.ts';
import { wallTime } from './wall-time.ts';

/** Times that many jobs have. */
export interface Preset {
  readonly name: keyof typeof cronEn.form.preset;
  readonly expression: string;
}

const dayMs = 24 * 3600 * 1000;

export const presetsAt = (nowMs: number): readonly Preset[] => [
  { name: 'quarter', expression: '*/15 * * * *' },
  { name: 'hour', expression: '0 * * * *' },
  { name: 'day', expression: '0 9 * * *' },
  { name: 'workdays', expression: '0 9 * * 1-5' },
  { name: 'week', expression: '0 9 * * 1' },
  { name: 'month', expression: '0 9 1 * *' },
  { name: 'once', expression: `@at ${wallTime(nowMs + dayMs).slice(0, 10)}T09:00` },
];
