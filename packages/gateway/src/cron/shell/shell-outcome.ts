import type { RunOutcome } from '../run-row.ts';
import type { ShellResult } from './run-shell.ts';

/** A failing command is a failed run, whatever it printed. */
export function outcomeOfShell({ end, stdout, stderr }: ShellResult, limitMs: number): RunOutcome {
  const rest = { stdout, stderr };
  const failed = (state: RunOutcome['state'], why: string): RunOutcome => ({
    state,
    why,
    result: [why, stderr.trim(), stdout.trim()].filter((text) => text !== '').join('\n'),
    ...rest,
  });
  switch (end.kind) {
    case 'exited':
      if (end.code !== 0)
        return { ...failed('failed', `Exit code ${end.code}.`), exitCode: end.code };
      return { state: 'succeeded', exitCode: 0, result: stdout.trim() || stderr.trim(), ...rest };
    case 'killed':
      return failed('failed', `It was ended by the signal ${end.signal}.`);
    case 'timed_out':
      return failed(
        'timed_out',
        end.left === undefined
          ? `It took longer than ${limitMs / 1000} s, and was ended with all that it had started.`
          : `It took longer than ${limitMs / 1000} s. Not all of it could be ended: ${end.left}`,
      );
    case 'not_started':
      return failed('failed', `It could not be started: ${end.why}`);
    case 'ended':
      return failed('stopped', 'It was ended.');
  }
}
