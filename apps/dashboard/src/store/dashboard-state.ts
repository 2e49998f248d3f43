import { PushedMetrics } from '@mini-claude-bot/contract';
import { z } from 'zod';

const percent = z.number().min(0).max(100);

/** How the machine was: Unix minutes; processors, memory and disk in percent. */
export const Sample = z.tuple([z.int(), percent, percent, percent]);
export type Sample = z.infer<typeof Sample>;

/** Seconds of each day of UTC that pushes tell of, by its date. */
export const Uptime = z.object({
  /** When the first push came. */
  since: z.iso.datetime(),
  days: z.record(z.iso.date(), z.number().min(0).max(86_400)),
});
export type Uptime = z.infer<typeof Uptime>;

/** All that the dashboard keeps: the last push, and what is left of those before it. */
export const DashboardState = z.object({
  metrics: PushedMetrics,
  receivedAt: z.iso.datetime(),
  /** Of a day; oldest first. */
  samples: z.array(Sample),
  uptime: Uptime,
  /** What was left out to make it fit. */
  leftOut: z.array(z.string()),
});
export type DashboardState = z.infer<typeof DashboardState>;
