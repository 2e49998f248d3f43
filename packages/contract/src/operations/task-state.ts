import { z } from 'zod';

export const TaskState = z
  .enum([
    'running',
    'waiting',
    'completed',
    'blocked',
    'incomplete',
    'failed',
    'stopped',
    'superseded',
  ])
  .describe(
    'waiting: for the time of its next step. blocked: something is needed from the user. incomplete: it got ' +
      'no further. superseded: a new message took over from it while it waited.',
  );
export type TaskState = z.infer<typeof TaskState>;
