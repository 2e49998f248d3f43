import type { TurnOutcome } from '@mini-claude-bot/claude';

const mostRetries = 3;
const firstPauseMs = 1_000;

/**
 * Whether a turn that ended that way is run again, and after how many milliseconds; undefined: it is
 * not. Only where the system ended the process, and no tool had been used: whatever a tool did would be
 * done twice.
 * @param retries how often it was run again already
 */
export function pauseBeforeRetry(
  outcome: TurnOutcome,
  { retries, usedTools }: { retries: number; usedTools: boolean },
): number | undefined {
  if (outcome.kind !== 'failed' || outcome.failure.reason !== 'claude_killed') return undefined;
  if (usedTools || retries >= mostRetries) return undefined;
  return firstPauseMs * 2 ** retries;
}
