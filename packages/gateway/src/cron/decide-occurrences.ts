import type { CronJob, CronTrigger } from '@mini-claude-bot/contract';
import { type DueOccurrences, inTimeMs } from './collect-due.ts';
import { isoTime } from './iso-time.ts';

/** What becomes of an occurrence. */
export type Verdict =
  | { readonly atMs: number; readonly kind: 'run'; readonly trigger: CronTrigger }
  | { readonly atMs: number; readonly kind: 'missed' | 'skipped'; readonly why: string };

/** What the decision goes by. */
export interface Situation {
  readonly due: DueOccurrences;
  readonly nowMs: number;
  readonly misfire: CronJob['misfire'];
  readonly graceMs: number;
  readonly overlap: CronJob['overlap'];
  /** Runs of the job that wait or go on. */
  readonly active: number;
  readonly dueMs: (atMs: number) => number;
}

/** Which of the occurrences that have come are run, and why the others are not. */
export function decideOccurrences(situation: Situation): Verdict[] {
  return decideOverlap(decideMisfires(situation), situation);
}

function decideMisfires({ due, nowMs, misfire, graceMs, dueMs }: Situation): Verdict[] {
  const newest = due.atMs.at(-1);
  return due.atMs.map((atMs, index): Verdict => {
    const lateMs = nowMs - dueMs(atMs);
    const since =
      index === 0 && due.sinceMs !== undefined ? ` So were all since ${isoTime(due.sinceMs)}.` : '';
    const missed = (why: string): Verdict => ({ atMs, kind: 'missed', why: why + since });
    const trigger = lateMs <= inTimeMs ? 'schedule' : 'catch-up';
    if (lateMs > Math.max(graceMs, inTimeMs)) {
      return missed(tooLate(lateMs));
    }
    if (misfire === 'all') return { atMs, kind: 'run', trigger };
    if (atMs === newest && (misfire === 'once' || trigger === 'schedule')) {
      return { atMs, kind: 'run', trigger };
    }
    if (misfire === 'skip') return missed('It could not run at its time, and is not made up for.');
    return missed(
      `It could not run at its time. The run of ${isoTime(newest ?? atMs)} makes up for it.`,
    );
  });
}

/** Of one job, so many runs may wait: a job that takes longer than its times are apart would have no end of them. */
export const mostActive = 1_000;

function decideOverlap(verdicts: readonly Verdict[], situation: Situation): Verdict[] {
  const { overlap, misfire } = situation;
  // Of `all`, each is wanted: those that came together run one after the other.
  const each = overlap !== 'skip' || (misfire === 'all' && verdicts.length > 1);
  let { active } = situation;
  return verdicts.map((verdict): Verdict => {
    if (verdict.kind !== 'run') return verdict;
    const skipped = (why: string): Verdict => ({ atMs: verdict.atMs, kind: 'skipped', why });
    if (active >= mostActive) return skipped(`${active} runs of this job wait already.`);
    const wanted = each || (misfire === 'all' && verdict.trigger === 'catch-up');
    if (active > 0 && !wanted) return skipped('The run before it was still going on.');
    active += 1;
    return verdict;
  });
}

/** After how long a run is too late that was to begin, in milliseconds. */
export const longestDelayMs = ({
  misfire,
  misfire_grace_seconds,
}: Pick<CronJob, 'misfire' | 'misfire_grace_seconds'>): number =>
  misfire === 'skip' ? inTimeMs : Math.max(misfire_grace_seconds * 1000, inTimeMs);

export const tooLate = (lateMs: number): string =>
  `It could not run at its time, and ${duration(lateMs)} later it was too late for it.`;

/** Roughly, for people. */
function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
