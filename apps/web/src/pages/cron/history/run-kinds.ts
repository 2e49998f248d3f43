import type { CronRun, CronRunState } from '@mini-claude-bot/contract';
import type { HistoryFilter } from '../routes.ts';

/** What a run comes down to, for a colour or a filter. `left`: it never began, or did not come to its end. */
export type RunKind = 'going' | 'succeeded' | 'failed' | 'left';

const kinds: Readonly<Record<CronRunState, RunKind>> = {
  queued: 'going',
  running: 'going',
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'failed',
  interrupted: 'failed',
  stopped: 'left',
  missed: 'left',
  skipped: 'left',
};

export const kindOf = ({ state }: Pick<CronRun, 'state'>): RunKind => kinds[state];

export function passes(run: CronRun, show: HistoryFilter | undefined): boolean {
  if (show === undefined) return true;
  return show === 'manual' ? run.trigger === 'manual' : kindOf(run) === show;
}
