import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';
import { TestClock } from './test-clock.ts';

describe('systemClock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_000 }));
  afterEach(() => void vi.useRealTimers());

  test('says the present', () => {
    expect(systemClock.now()).toBe(1_000);
  });

  test('calls back once, not before its time', () => {
    const callback = vi.fn();
    systemClock.after(50, callback);
    vi.advanceTimersByTime(49);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(100);
    expect(callback).toHaveBeenCalledOnce();
  });

  test('what is cancelled is not called', () => {
    const callback = vi.fn();
    systemClock.after(50, callback)();
    vi.advanceTimersByTime(100);
    expect(callback).not.toHaveBeenCalled();
  });

  test('a delay that is too long for a timer does not fire at once', () => {
    const callback = vi.fn();
    systemClock.after(2 ** 40, callback);
    vi.advanceTimersByTime(60_000);
    expect(callback).not.toHaveBeenCalled();
  });
});

describe('TestClock', () => {
  test('calls what falls due, in order and at its time, also what is set meanwhile', () => {
    const clock = new TestClock(0);
    const heard: [string, number][] = [];
    const hear = (name: string) => () => void heard.push([name, clock.now()]);
    clock.after(20, hear('b'));
    clock.after(10, () => {
      hear('a')();
      clock.after(5, hear('between'));
    });
    clock.after(30, hear('cancelled'))();
    clock.after(100, hear('later'));
    clock.advance(50);
    expect(heard).toEqual([
      ['a', 10],
      ['between', 15],
      ['b', 20],
    ]);
    expect(clock.now()).toBe(50);
    expect(clock.pending).toBe(1);
  });
});
