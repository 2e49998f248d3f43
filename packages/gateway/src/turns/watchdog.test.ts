import { beforeEach, describe, expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { abortKind } from './turn-abort.ts';
import { Watchdog } from './watchdog.ts';

let clock: TestClock;
beforeEach(() => {
  clock = new TestClock();
});

const watch = (totalMs: number | undefined, noProgressMs: number): Watchdog =>
  new Watchdog({ totalMs, noProgressMs }, clock);

describe('no progress', () => {
  test('ends a turn when the time is up, and not before', () => {
    const { signal } = watch(undefined, 100);
    clock.advance(99);
    expect(signal.aborted).toBe(false);
    clock.advance(1);
    expect(abortKind(signal)).toBe('no_progress');
    expect(signal.aborted).toBe(true);
  });

  test('is counted from the last progress', () => {
    const watchdog = watch(undefined, 100);
    clock.advance(60);
    watchdog.progress();
    clock.advance(30);
    watchdog.progress();
    clock.advance(99);
    expect(watchdog.signal.aborted).toBe(false);
    clock.advance(1);
    expect(watchdog.signal.aborted).toBe(true);
  });

  test('a turn that goes on and on is left alone, with one timer', () => {
    const watchdog = watch(undefined, 100);
    for (let n = 0; n < 50; n += 1) {
      clock.advance(99);
      watchdog.progress();
      expect(clock.pending).toBe(1);
    }
    expect(watchdog.signal.aborted).toBe(false);
  });
});

describe('total time', () => {
  test('ends a turn that does go on', () => {
    const watchdog = watch(1000, 100);
    for (let n = 0; n < 19; n += 1) {
      clock.advance(50);
      watchdog.progress();
    }
    expect(watchdog.signal.aborted).toBe(false);
    clock.advance(50);
    expect(abortKind(watchdog.signal)).toBe('turn_timeout');
    expect(watchdog.signal.aborted).toBe(true);
  });

  test('may be unlimited', () => {
    watch(undefined, 100);
    expect(clock.pending).toBe(1);
  });
});

test('the first reason stays', () => {
  const { signal } = watch(150, 100);
  clock.advance(1000);
  expect(abortKind(signal)).toBe('no_progress');
});

test('stopped, it leaves no timer behind and ends nothing', () => {
  const watchdog = watch(1000, 100);
  clock.advance(50);
  watchdog.progress();
  clock.advance(60);
  watchdog.stop();
  expect(clock.pending).toBe(0);
  clock.advance(10_000);
  expect(watchdog.signal.aborted).toBe(false);
});

test('a signal that was aborted by somebody else means an interruption', () => {
  expect(abortKind(AbortSignal.abort())).toBe('interrupted');
});
