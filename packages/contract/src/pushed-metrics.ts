import { z } from 'zod';
import { Metrics } from './operations/metrics.ts';

const { cron_jobs, memory, claude_usage, system, harness } = Metrics.shape;
const { running_jobs, archived_projects } = harness.shape;

const PushedJob = running_jobs.element.partial({ bot_id: true, chat_id: true, cwd: true });

/**
 * The metrics as the gateway sends them to the dashboard: what is public always, and what an owner can make public
 * where it was. Anything else is dropped by whoever parses it.
 */
export const PushedMetrics = Metrics.extend({
  timestamp: z.iso.datetime(),
  cron_jobs: z.array(cron_jobs.element.partial({ last_result_preview: true })),
  memory: memory
    .extend({ items: z.array(memory.shape.items.element.partial()) })
    .partial({ categories: true, items: true }),
  claude_usage: claude_usage
    .extend({ cost: claude_usage.shape.cost.omit({ price_fault: true }) })
    .partial({ transcripts: true }),
  system: system.partial({ hostname: true, cpu: true }),
  harness: harness.extend({
    running_jobs: z.array(PushedJob),
    completed_jobs: z.array(PushedJob),
    archived_projects: z.array(
      archived_projects.element.partial({
        uuid: true,
        bot_id: true,
        chat_id: true,
        original_cwd: true,
      }),
    ),
  }),
});
export type PushedMetrics = z.infer<typeof PushedMetrics>;
