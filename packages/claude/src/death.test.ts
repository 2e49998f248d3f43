import { expect, test } from 'vitest';
import { type Death, deathFailure } from './death.ts';

const exit = (code: number | null, signal: NodeJS.Signals | null = null) => ({ code, signal });
const missing = Object.assign(new Error('spawn /x/claude ENOENT'), { code: 'ENOENT' });

test.each<[string, Death, boolean, string, string]>([
  [
    'a missing program',
    { kind: 'not_started', error: missing },
    false,
    'claude_missing',
    'Claude Code could not be started: spawn /x/claude ENOENT.',
  ],
  [
    'no more processes',
    { kind: 'not_started', error: new Error('spawn EAGAIN') },
    false,
    'claude_start_failed',
    'Claude Code could not be started: spawn EAGAIN.',
  ],
  [
    'a flood',
    { kind: 'flooded', what: 'line', longest: 64 * 1024 * 1024 },
    true,
    'claude_crashed',
    'Claude Code wrote a line of more than 64 MB and was ended. Please send the message again.',
  ],
  [
    'a reply without an end',
    { kind: 'flooded', what: 'reply', longest: 10_000_000 },
    true,
    'claude_crashed',
    'Claude Code wrote a reply of more than 10000000 characters and was ended. Please send the message again.',
  ],
  [
    'silence',
    { kind: 'fell_silent' },
    true,
    'claude_crashed',
    'Claude Code stopped talking in mid-turn and was ended. Please send the message again.',
  ],
  [
    'another signal',
    { kind: 'ended', exit: exit(null, 'SIGSEGV'), stderr: '' },
    true,
    'claude_crashed',
    'Claude Code ended unexpectedly (ended by SIGSEGV). Please send the message again.',
  ],
  [
    'an exit at the start',
    { kind: 'ended', exit: exit(1), stderr: 'not as\n root\n' },
    false,
    'claude_start_failed',
    'Claude Code did not start (not as root).',
  ],
  [
    'a silent exit at the start',
    { kind: 'ended', exit: exit(3), stderr: '' },
    false,
    'claude_start_failed',
    'Claude Code did not start (exit code 3).',
  ],
  [
    'an exit later on',
    { kind: 'ended', exit: exit(1), stderr: 'oh' },
    true,
    'claude_crashed',
    'Claude Code ended unexpectedly (oh). Please send the message again.',
  ],
  [
    'an exit without a word',
    { kind: 'ended', exit: exit(0), stderr: '' },
    false,
    'claude_crashed',
    'Claude Code ended unexpectedly. Please send the message again.',
  ],
  [
    'a kill',
    { kind: 'ended', exit: exit(null, 'SIGKILL'), stderr: '' },
    true,
    'claude_killed',
    'Claude Code was ended by the system, perhaps because memory ran out. Please send the message again.',
  ],
])('%s in words', (_what, death, served, reason, message) => {
  expect(deathFailure(death, served)).toEqual({ reason, message });
});

test('only the end of many last words is told', () => {
  const death: Death = { kind: 'ended', exit: exit(1), stderr: `${'x'.repeat(5000)} the end` };
  const { message } = deathFailure(death, true);
  expect(message).toContain('the end');
  expect(message.length).toBeLessThan(400);
});
