import type { Failure } from './failure.ts';
import { withoutSecrets } from './without-secrets.ts';

/** How a process ended: by itself, or by a signal. Neither is known of one that never ran. */
export type Exit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

/** Why a Claude process is no more. */
export type Death =
  | { readonly kind: 'not_started'; readonly error: Error }
  /** It wrote a line of more bytes, or a reply of more characters, than that, and was ended. */
  | { readonly kind: 'flooded'; readonly what: 'line' | 'reply'; readonly longest: number }
  /** It closed its output and stayed, and was ended. */
  | { readonly kind: 'fell_silent' }
  | { readonly kind: 'ended'; readonly exit: Exit | undefined; readonly stderr: string };

const megabyte = 1024 * 1024;
const again = 'Please send the message again.';

/**
 * A death in words.
 * @param served it had said something sensible before: it did start
 */
export function deathFailure(death: Death, served: boolean): Failure {
  switch (death.kind) {
    case 'not_started':
      return notStarted(death.error);
    case 'flooded':
      return crashed(`Claude Code wrote ${flood(death)} and was ended. ${again}`);
    case 'fell_silent':
      return crashed(`Claude Code stopped talking in mid-turn and was ended. ${again}`);
    case 'ended':
      return ended(death.exit, lastWords(death.stderr), served);
  }
}

const flood = ({ what, longest }: Extract<Death, { kind: 'flooded' }>): string =>
  what === 'line'
    ? `a line of more than ${Math.ceil(longest / megabyte)} MB`
    : `a reply of more than ${longest} characters`;

function notStarted(error: Error): Failure {
  const missing = 'code' in error && error.code === 'ENOENT';
  return {
    reason: missing ? 'claude_missing' : 'claude_start_failed',
    message: `Claude Code could not be started: ${withoutSecrets(error.message)}.`,
  };
}

function ended(exit: Exit | undefined, words: string, served: boolean): Failure {
  if (!served && exit?.code) {
    return {
      reason: 'claude_start_failed',
      message: `Claude Code did not start (${words || `exit code ${exit.code}`}).`,
    };
  }
  if (exit?.signal === 'SIGKILL') return killed;
  const how = words || (exit?.signal ? `ended by ${exit.signal}` : '');
  return crashed(`Claude Code ended unexpectedly${how && ` (${how})`}. ${again}`);
}

const killed: Failure = {
  reason: 'claude_killed',
  message: `Claude Code was ended by the system, perhaps because memory ran out. ${again}`,
};

const crashed = (message: string): Failure => ({ reason: 'claude_crashed', message });

const lastWords = (stderr: string): string => {
  const line = withoutSecrets(stderr).replace(/\s+/g, ' ').trim();
  return [...line].slice(-300).join('');
};
