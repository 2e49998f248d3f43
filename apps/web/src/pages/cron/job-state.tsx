import type { CronJob } from '@mini-claude-bot/contract';
import { cronWords } from '../../i18n/cron.ts';
import { useWords } from '../../settings/settings.tsx';
import { Badge, Dot } from '../../ui/badge.tsx';

/** How a job is, at a glance. `over`: it is enabled, and no time is left. */
export type JobState = 'running' | 'off' | 'failing' | 'fine' | 'fresh' | 'over';

export function stateOfJob(job: CronJob): JobState {
  if (job.running) return 'running';
  if (job.enabled === 0) return 'off';
  if (job.failures_in_a_row > 0) return 'failing';
  if (job.next_run_at === null) return 'over';
  return job.last_run_at === null ? 'fresh' : 'fine';
}

const dots = {
  running: 'busy',
  off: 'off',
  failing: 'danger',
  fine: 'good',
  fresh: 'off',
  over: 'off',
} as const;

export function JobDot({ job }: { job: CronJob }) {
  const words = useWords(cronWords);
  const state = stateOfJob(job);
  return (
    <span title={words.states[state]} className="flex size-4 items-center justify-center">
      <Dot tone={dots[state]} />
      <span className="sr-only">{words.states[state]}</span>
    </span>
  );
}

const tones = {
  running: 'accent',
  off: 'plain',
  failing: 'danger',
  fine: 'plain',
  fresh: 'plain',
  over: 'plain',
} as const;

export function JobBadge({ job }: { job: CronJob }) {
  const words = useWords(cronWords);
  const state = stateOfJob(job);
  return (
    <Badge tone={tones[state]}>
      {state !== 'off' && <Dot tone={dots[state]} />}
      {words.states[state]}
    </Badge>
  );
}
