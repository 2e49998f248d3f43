import { describe, expect, test } from 'vitest';
import { type Clock, Timeline } from './clock.ts';

/** Time passes only while somebody waits, and every wait takes 3 ms too long. */
function lateClock(): Clock & { advance(ms: number): void } {
  let now = 1000;
  return {
    now: () => ({ monotonicMs: now, epochMs: now }),
    wait: async (ms) => {
      now += ms + 3;
    },
    advance: (ms) => {
      now += ms;
    },
  };
}

describe('Timeline', () => {
  const { signal } = new AbortController();

  test('late timers do not add up', async () => {
    const clock = lateClock();
    const timeline = new Timeline(clock, 5);
    for (let point = 0; point <= 500; point += 1) await timeline.next(signal);
    expect(clock.now().monotonicMs - 1000).toBe(500 * 5 + 3);
  });

  test('the first point is at once, and one missed is caught up', async () => {
    const clock = lateClock();
    const timeline = new Timeline(clock, 10);
    await timeline.next(signal);
    expect(clock.now().monotonicMs).toBe(1000);
    clock.advance(25);
    await timeline.next(signal);
    await timeline.next(signal);
    expect(clock.now().monotonicMs).toBe(1025);
    await timeline.next(signal);
    expect(clock.now().monotonicMs).toBe(1033);
  });

  test('a pause moves what comes after it', async () => {
    const clock = lateClock();
    const timeline = new Timeline(clock, 10);
    await timeline.next(signal);
    await timeline.pause(100, signal);
    await timeline.next(signal);
    expect(clock.now().monotonicMs).toBe(1113);
  });

  test('ends with its signal even without a wait', async () => {
    const timeline = new Timeline(lateClock(), 0);
    await expect(timeline.next(AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
  });
});
