import type { Consequences } from './decide-after-run.ts';
import type { JobRow } from './job-row.ts';
import type { RunOutcome } from './run-row.ts';

/** What a chat is told of a run. */
export interface Telling {
  readonly text: string;
  readonly format: 'markdown' | 'plain';
}

/** So much of an output is told; the history has it all. */
const longestOutput = 12_000;

/** In words for the job's chat; undefined: nothing is told. What a shell prints is no Markdown. */
export function tellingOf(
  tell: Consequences['tell'],
  job: Pick<JobRow, 'id' | 'name' | 'job_type' | 'disable_after'>,
  outcome: RunOutcome,
  failures: number,
): Telling | undefined {
  const headline = headlineOf(tell, job, failures);
  if (headline === undefined) return undefined;
  const output = shorten(outcome.result.trim());
  const text = output === '' ? headline : `${headline}\n\n${output}`;
  return { text, format: job.job_type === 'claude' && tell === 'success' ? 'markdown' : 'plain' };
}

function headlineOf(
  tell: Consequences['tell'],
  { id, name }: Pick<JobRow, 'id' | 'name'>,
  failures: number,
): string | undefined {
  switch (tell) {
    case 'nothing':
      return undefined;
    case 'success':
      return `✅ ${name}`;
    case 'recovered':
      return `✅ ${name} works again, after ${times(failures)} in which it failed.`;
    case 'failure':
      return `❌ ${name} failed.`;
    case 'streak':
      return `❌ ${name} failed, for the ${ordinal(failures)} time in a row. There will be no more messages until it works again.`;
    case 'disabled':
      return `⛔ ${name} failed, for the ${ordinal(failures)} time in a row, and was disabled. To enable it: mini-claude-bot cron resume ${id}`;
  }
}

const times = (n: number): string => `${n} ${n === 1 ? 'run' : 'runs'}`;

function ordinal(n: number): string {
  const tens = n % 100;
  if (tens >= 11 && tens <= 13) return `${n}th`;
  return `${n}${['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'}`;
}

const shorten = (text: string): string =>
  text.length <= longestOutput
    ? text
    : `${text.slice(0, longestOutput)}\n… (the history has the rest)`;
