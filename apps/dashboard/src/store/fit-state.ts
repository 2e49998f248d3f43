import type { DailyActivity } from '@mini-claude-bot/contract';
import type { DashboardState } from './dashboard-state.ts';

interface Step {
  readonly name: string;
  readonly trim: (state: DashboardState) => DashboardState;
}

/** In the order in which they are taken, until it fits: first what is missed least. */
export const trimSteps: readonly Step[] = [
  { name: 'archived projects but 10', trim: (state) => archived(state, 10) },
  { name: 'tokens by model of days before the last 30', trim: (state) => tokens(state, 30) },
  { name: 'history: a sample every 15 minutes', trim: (state) => samples(state, 15) },
  { name: 'tasks that have ended but 5', trim: (state) => ended(state, 5) },
  { name: 'memories', trim: withoutMemories },
  { name: 'results of jobs', trim: withoutResults },
  { name: 'days before the last 182', trim: (state) => days(state, 182) },
  { name: 'history: a sample every hour', trim: (state) => samples(state, 60) },
  { name: 'tokens by model of all days', trim: (state) => tokens(state, 0) },
  { name: 'jobs but 20', trim: (state) => jobs(state, 20) },
  { name: 'days before the last 91', trim: (state) => days(state, 91) },
  { name: 'archived projects', trim: (state) => archived(state, 0) },
  { name: 'tasks that have ended', trim: (state) => ended(state, 0) },
  { name: 'days before the last 31', trim: (state) => days(state, 31) },
  { name: 'jobs but 5', trim: (state) => jobs(state, 5) },
  { name: 'history', trim: (state) => ({ ...state, samples: [] }) },
];

/**
 * Leave out as much as is needed, in the order of {@link trimSteps}.
 * @param fits whether it is small enough
 * @returns undefined: it does not fit with all of that left out
 */
export function fitState<T>(
  state: DashboardState,
  fits: (state: DashboardState) => T | undefined,
): { readonly state: DashboardState; readonly fitted: T } | undefined {
  let present: DashboardState = { ...state, leftOut: [] };
  let fitted = fits(present);
  for (const { name, trim } of trimSteps) {
    if (fitted !== undefined) break;
    const trimmed = trim(present);
    // There was nothing of that kind.
    if (lengthOf(trimmed) === lengthOf(present)) continue;
    present = { ...trimmed, leftOut: [...present.leftOut, name] };
    fitted = fits(present);
  }
  return fitted === undefined ? undefined : { state: present, fitted };
}

const lengthOf = (state: DashboardState): number => JSON.stringify(state).length;

const withMetrics = (
  state: DashboardState,
  metrics: Partial<DashboardState['metrics']>,
): DashboardState => ({ ...state, metrics: { ...state.metrics, ...metrics } });

function archived(state: DashboardState, most: number): DashboardState {
  const { harness } = state.metrics;
  const archived_projects = harness.archived_projects.slice(0, most);
  return withMetrics(state, { harness: { ...harness, archived_projects } });
}

function ended(state: DashboardState, most: number): DashboardState {
  const { harness } = state.metrics;
  const completed_jobs = harness.completed_jobs.slice(0, most);
  return withMetrics(state, { harness: { ...harness, completed_jobs } });
}

/** Of the days before the newest, the sum of all models is kept. */
function tokens(state: DashboardState, newest: number): DashboardState {
  const { claude_usage: usage } = state.metrics;
  const from = usage.daily_activity.length - newest;
  const daily_activity = usage.daily_activity.map((day, n) => (n < from ? summed(day) : day));
  return withMetrics(state, { claude_usage: { ...usage, daily_activity } });
}

function summed(day: DailyActivity): DailyActivity {
  const counts = Object.values(day.tokens);
  if (counts.length < 2) return day;
  const sum = (of: (one: (typeof counts)[number]) => number): number =>
    counts.reduce((total, one) => total + of(one), 0);
  return {
    ...day,
    tokens: {
      all: {
        input_tokens: sum((one) => one.input_tokens),
        output_tokens: sum((one) => one.output_tokens),
        cache_read_tokens: sum((one) => one.cache_read_tokens),
        cache_creation_tokens: sum((one) => one.cache_creation_tokens),
      },
    },
  };
}

function days(state: DashboardState, newest: number): DashboardState {
  const { claude_usage: usage } = state.metrics;
  const daily_activity = usage.daily_activity.slice(-newest);
  return withMetrics(state, { claude_usage: { ...usage, daily_activity } });
}

/** The last one stays, and of those before it one of each stretch. */
function samples(state: DashboardState, minutes: number): DashboardState {
  const kept = state.samples.filter(([at], n) => {
    const next = state.samples[n + 1];
    return next === undefined || Math.floor(next[0] / minutes) !== Math.floor(at / minutes);
  });
  return { ...state, samples: kept };
}

/** Those that run by themselves first. */
function jobs(state: DashboardState, most: number): DashboardState {
  const { cron_jobs } = state.metrics;
  const first = cron_jobs.toSorted((a, b) => Number(b.enabled) - Number(a.enabled));
  return withMetrics(state, { cron_jobs: first.slice(0, most) });
}

function withoutMemories(state: DashboardState): DashboardState {
  const { items: _, ...memory } = state.metrics.memory;
  return withMetrics(state, { memory });
}

function withoutResults(state: DashboardState): DashboardState {
  const cron_jobs = state.metrics.cron_jobs.map(({ last_result_preview: _, ...job }) => job);
  return withMetrics(state, { cron_jobs });
}
