import type { TurnOutcome } from '@mini-claude-bot/claude';
import { expect, test } from 'vitest';
import { pauseBeforeRetry } from './retry.ts';

const failed = (reason: 'claude_killed' | 'claude_crashed' | 'overloaded'): TurnOutcome => ({
  kind: 'failed',
  text: '',
  failure: { reason, message: 'x' },
});

test.each<[string, TurnOutcome, number, boolean, number | undefined]>([
  ['killed by the system', failed('claude_killed'), 0, false, 1000],
  ['killed a second time', failed('claude_killed'), 1, false, 2000],
  ['killed a third time', failed('claude_killed'), 2, false, 4000],
  ['killed once more', failed('claude_killed'), 3, false, undefined],
  ['killed after a tool was used', failed('claude_killed'), 0, true, undefined],
  ['crashed', failed('claude_crashed'), 0, false, undefined],
  ['failed otherwise', failed('overloaded'), 0, false, undefined],
  ['interrupted', { kind: 'interrupted', text: '' }, 0, false, undefined],
  ['completed', { kind: 'completed', text: '' }, 0, false, undefined],
])('%s', (_what, outcome, retries, usedTools, pauseMs) => {
  expect(pauseBeforeRetry(outcome, { retries, usedTools })).toBe(pauseMs);
});
