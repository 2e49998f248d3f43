import { expect, test } from 'vitest';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import { createLogger } from '../host/logger.ts';
import { TestClock } from '../host/test-clock.ts';
import { type Reap, startReaper } from './reaper.ts';

test('stopping waits for the pass that is under way, and there is none after it', async () => {
  const clock = new TestClock();
  let passes = 0;
  let finish = (): void => {};
  const reap: Reap = () => {
    passes += 1;
    return new Promise((resolve) => {
      finish = () => resolve([]);
    });
  };
  const claude: Pick<ClaudeRuntime, 'trim'> = { trim: async () => {} };
  const stop = startReaper(reap, claude, clock, createLogger('silent'));
  clock.advance(30_000);
  expect(passes).toBe(1);
  let stopped = false;
  const stopping = stop().then(() => {
    stopped = true;
  });
  await Promise.resolve();
  expect(stopped).toBe(false);
  finish();
  await stopping;
  clock.advance(3_600_000);
  expect(passes).toBe(1);
});
