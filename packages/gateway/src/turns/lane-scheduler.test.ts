import { beforeEach, describe, expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { LaneScheduler } from './lane-scheduler.ts';
import { settled, TestJobs, jobWaitMs as waitMs } from './test-jobs.ts';
import { collectUnhandledRejections } from './test-unhandled.ts';

let clock: TestClock;
let jobs: TestJobs;
beforeEach(() => {
  clock = new TestClock();
  jobs = new TestJobs();
});

const schedulerOf = (slots: number): LaneScheduler => new LaneScheduler(slots, clock);

/** Let whatever runs end, one after the other, until nothing runs. */
async function finishAll(): Promise<void> {
  for (let [name] = jobs.running; name !== undefined; [name] = jobs.running)
    await jobs.finish(name);
}

describe('lanes', () => {
  test('a job that nothing hinders starts at once', () => {
    const scheduler = schedulerOf(1);
    scheduler.enqueue(jobs.job('a1', 'a'));
    expect(jobs.running).toEqual(['a1']);
    expect(scheduler.slotsUsed).toBe(1);
    expect(scheduler.waitingIn('main:a')).toBe(0);
  });

  test('one at a time, first in, first out', async () => {
    const scheduler = schedulerOf(3);
    for (const name of ['a1', 'a2', 'a3']) scheduler.enqueue(jobs.job(name, 'a'));
    expect(jobs.running).toEqual(['a1']);
    expect(scheduler.waitingIn('main:a')).toBe(2);
    await jobs.finish('a1');
    expect(jobs.running).toEqual(['a2']);
    await finishAll();
    expect(jobs.started).toEqual(['a1', 'a2', 'a3']);
  });

  test('two lanes of one chat run side by side', () => {
    const scheduler = schedulerOf(3);
    scheduler.enqueue(jobs.job('main', 'a'));
    scheduler.enqueue(jobs.job('bg', 'a', 'bg:a'));
    expect(jobs.running).toEqual(['main', 'bg']);
  });

  test('what works by itself leaves one slot to those whom somebody waits for', async () => {
    const scheduler = schedulerOf(3);
    for (const name of ['x', 'y', 'z']) scheduler.enqueue(jobs.job(name, name, `bg:${name}`));
    expect(jobs.running).toEqual(['x', 'y']);
    scheduler.enqueue(jobs.job('a1', 'a'));
    scheduler.enqueue(jobs.job('b1', 'b'));
    expect(jobs.running).toEqual(['x', 'y', 'a1']);
    await jobs.finish('x');
    // The slot is z's or b's; b was there for nobody yet, and z came first.
    expect(jobs.running).toEqual(['y', 'a1', 'z']);
    await jobs.finish('y');
    expect(jobs.running).toEqual(['a1', 'z', 'b1']);
  });

  test('it has the only slot where there is but one', () => {
    const scheduler = schedulerOf(1);
    scheduler.enqueue(jobs.job('x', 'x', 'bg:x'));
    expect(jobs.running).toEqual(['x']);
  });

  test('a job that may wait for ever does not expire', () => {
    const scheduler = schedulerOf(1);
    scheduler.enqueue(jobs.job('a1', 'a'));
    scheduler.enqueue({ ...jobs.job('b1', 'b'), waitMs: Number.POSITIVE_INFINITY });
    clock.advance(1000 * waitMs);
    expect(jobs.expired).toEqual([]);
    expect(scheduler.remainingWaitMs('main:b')).toBe(Number.POSITIVE_INFINITY);
  });

  test('a job that waits is told its place, and each new one', async () => {
    const scheduler = schedulerOf(1);
    const told: string[] = [];
    const telling = (name: string, chat: string) => ({
      ...jobs.job(name, chat),
      onPlace: (ahead: number) => void told.push(`${name}: ${ahead}`),
    });
    const heard = (): string[] => told.splice(0);
    scheduler.enqueue(telling('a1', 'a'));
    expect(heard()).toEqual([]);
    const second = telling('a2', 'a');
    scheduler.enqueue(second);
    scheduler.enqueue(telling('a3', 'a'));
    expect(heard()).toEqual(['a2: 1', 'a3: 2']);
    scheduler.enqueue(telling('b1', 'b'));
    expect(heard()).toEqual(['b1: 0']);
    scheduler.withdraw(second);
    expect(heard()).toEqual(['a3: 1']);
    await finishAll();
    expect(jobs.started).toEqual(['a1', 'b1', 'a3']);
  });
});

describe('slots', () => {
  test('no more run than there are, and each one that ends lets another start', async () => {
    const scheduler = schedulerOf(2);
    for (const chat of ['a', 'b', 'c', 'd']) scheduler.enqueue(jobs.job(`${chat}1`, chat));
    expect(jobs.running).toEqual(['a1', 'b1']);
    expect(scheduler.slotsUsed).toBe(2);
    await jobs.finish('b1');
    expect(jobs.running).toEqual(['a1', 'c1']);
    await finishAll();
    expect(scheduler.slotsUsed).toBe(0);
  });

  test('a job that puts in another one as it starts does not make one too many', async () => {
    const scheduler = schedulerOf(1);
    const first = jobs.job('a1', 'a');
    scheduler.enqueue({
      ...first,
      run: () => {
        scheduler.enqueue(jobs.job('b1', 'b'));
        return first.run();
      },
    });
    expect(jobs.running).toEqual(['a1']);
    expect(scheduler.slotsUsed).toBe(1);
    await jobs.finish('a1');
    expect(jobs.running).toEqual(['b1']);
  });

  test.each(['rejects', 'throws'])(
    'a job that %s gives its slot and its lane back',
    async (how) => {
      const faults = collectUnhandledRejections();
      const scheduler = schedulerOf(1);
      const fault = new Error('of its own');
      scheduler.enqueue({
        ...jobs.job('a1', 'a'),
        run: () => {
          if (how === 'throws') throw fault;
          return Promise.reject(fault);
        },
      });
      scheduler.enqueue(jobs.job('a2', 'a'));
      scheduler.enqueue(jobs.job('b1', 'b'));
      await settled();
      expect(scheduler.slotsUsed).toBe(1);
      await finishAll();
      expect(jobs.started.sort()).toEqual(['a2', 'b1']);
      expect(scheduler.slotsUsed).toBe(0);
      expect(faults).toEqual([fault]);
    },
  );
});

describe('fairness', () => {
  test('a chat with a long queue lets another one in with the next free slot', async () => {
    const scheduler = schedulerOf(1);
    for (let n = 1; n <= 20; n += 1) scheduler.enqueue(jobs.job(`flood${n}`, 'flood'));
    scheduler.enqueue(jobs.job('b1', 'b'));
    await jobs.finish('flood1');
    expect(jobs.running).toEqual(['b1']);
  });

  test('chats with long queues take turns', async () => {
    const scheduler = schedulerOf(1);
    for (const chat of ['a', 'b', 'c']) {
      for (let n = 1; n <= 3; n += 1) scheduler.enqueue(jobs.job(`${chat}${n}`, chat));
    }
    await finishAll();
    expect(jobs.started).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', 'b3', 'c3']);
  });

  test('a chat with several lanes gets no more than its share', async () => {
    const scheduler = schedulerOf(2);
    for (const lane of ['x', 'y', 'z']) scheduler.enqueue(jobs.job(`a-${lane}`, 'a', lane));
    scheduler.enqueue(jobs.job('b1', 'b'));
    expect(jobs.running).toEqual(['a-x', 'a-y']);
    await jobs.finish('a-x');
    expect(jobs.running).toEqual(['a-y', 'b1']);
  });

  test('chats that ask again just after each answer do not keep out one that waits', async () => {
    const scheduler = schedulerOf(1);
    scheduler.enqueue(jobs.job('w1', 'w'));
    scheduler.enqueue(jobs.job('w2', 'w'));
    scheduler.enqueue(jobs.job('a0', 'a'));
    scheduler.enqueue(jobs.job('b0', 'b'));
    for (let n = 1; n <= 6 && !jobs.started.includes('w2'); n += 1) {
      const [running = ''] = jobs.running;
      await jobs.finish(running);
      const chat = running.charAt(0);
      if (chat !== 'w') scheduler.enqueue(jobs.job(`${chat}${n}`, chat));
    }
    expect(jobs.started).toEqual(['w1', 'a0', 'b0', 'w2']);
  });
});

describe('waiting', () => {
  test('a job that has waited too long leaves the queue, and never runs', async () => {
    const scheduler = schedulerOf(1);
    scheduler.enqueue(jobs.job('a1', 'a'));
    scheduler.enqueue(jobs.job('a2', 'a'));
    clock.advance(waitMs - 1);
    expect(jobs.expired).toEqual([]);
    clock.advance(1);
    expect(jobs.expired).toEqual(['a2']);
    expect(scheduler.waitingIn('main:a')).toBe(0);
    await finishAll();
    expect(jobs.started).toEqual(['a1']);
  });

  test('a job that runs does not expire, however long it takes', async () => {
    const scheduler = schedulerOf(1);
    scheduler.enqueue(jobs.job('a1', 'a'));
    expect(clock.pending).toBe(0);
    clock.advance(100 * waitMs);
    expect(jobs.expired).toEqual([]);
    expect(scheduler.slotsUsed).toBe(1);
  });

  test('each job has its own time, in whatever place it stands', async () => {
    const scheduler = schedulerOf(1);
    scheduler.enqueue(jobs.job('a1', 'a'));
    scheduler.enqueue(jobs.job('a2', 'a'));
    clock.advance(600);
    scheduler.enqueue(jobs.job('a3', 'a'));
    clock.advance(400);
    expect(jobs.expired).toEqual(['a2']);
    await jobs.finish('a1');
    expect(jobs.running).toEqual(['a3']);
  });

  test('how long the first one may still wait', async () => {
    const scheduler = schedulerOf(1);
    expect(scheduler.remainingWaitMs('main:a')).toBeUndefined();
    scheduler.enqueue(jobs.job('a1', 'a'));
    expect(scheduler.remainingWaitMs('main:a')).toBeUndefined();
    scheduler.enqueue(jobs.job('a2', 'a'));
    clock.advance(300);
    scheduler.enqueue(jobs.job('a3', 'a'));
    expect(scheduler.remainingWaitMs('main:a')).toBe(700);
    await jobs.finish('a1');
    expect(scheduler.remainingWaitMs('main:a')).toBe(1000);
  });

  test('a job whose end is told may put in another at once', () => {
    const scheduler = schedulerOf(1);
    scheduler.enqueue(jobs.job('b1', 'b'));
    scheduler.enqueue({
      ...jobs.job('a1', 'a'),
      onExpire: () => scheduler.enqueue(jobs.job('a2', 'a')),
    });
    clock.advance(waitMs);
    expect(scheduler.waitingIn('main:a')).toBe(1);
    clock.advance(waitMs);
    expect(jobs.expired).toEqual(['a2']);
  });
});

describe('drain', () => {
  test('takes out what waits in a lane; none of it runs or expires', async () => {
    const scheduler = schedulerOf(1);
    const [second, third] = [jobs.job('a2', 'a'), jobs.job('a3', 'a')];
    scheduler.enqueue(jobs.job('a1', 'a'));
    scheduler.enqueue(second);
    scheduler.enqueue(third);
    scheduler.enqueue(jobs.job('b1', 'b'));
    expect(scheduler.drain('main:a')).toEqual([second, third]);
    expect(scheduler.drain('main:a')).toEqual([]);
    await finishAll();
    clock.advance(10 * waitMs);
    expect(jobs.started).toEqual(['a1', 'b1']);
    expect(jobs.expired).toEqual([]);
  });

  test('an unknown lane has nothing in it', () => {
    expect(schedulerOf(1).drain('nowhere')).toEqual([]);
  });

  test('a lane that was drained goes on', async () => {
    const scheduler = schedulerOf(1);
    scheduler.enqueue(jobs.job('a1', 'a'));
    scheduler.enqueue(jobs.job('a2', 'a'));
    scheduler.drain('main:a');
    scheduler.enqueue(jobs.job('a3', 'a'));
    expect(jobs.running).toEqual(['a1']);
    await jobs.finish('a1');
    expect(jobs.running).toEqual(['a3']);
  });
});

describe('withdraw', () => {
  test('takes out one job; the others of its lane stay', async () => {
    const scheduler = schedulerOf(1);
    const second = jobs.job('a2', 'a');
    for (const job of [jobs.job('a1', 'a'), second, jobs.job('a3', 'a')]) scheduler.enqueue(job);
    expect(scheduler.withdraw(second)).toBe(true);
    expect(scheduler.withdraw(second)).toBe(false);
    expect(clock.pending).toBe(1);
    expect(scheduler.waitingIn('main:a')).toBe(1);
    clock.advance(waitMs);
    expect(jobs.expired).toEqual(['a3']);
    await finishAll();
    expect(jobs.started).toEqual(['a1']);
    expect(clock.pending).toBe(0);
  });

  test('does not take out what runs', async () => {
    const scheduler = schedulerOf(1);
    const first = jobs.job('a1', 'a');
    scheduler.enqueue(first);
    expect(scheduler.withdraw(first)).toBe(false);
    expect(scheduler.slotsUsed).toBe(1);
    await finishAll();
    expect(scheduler.withdraw(first)).toBe(false);
  });
});

describe('hold', () => {
  test('no job of the chat starts meanwhile, in any of its lanes; others do', async () => {
    const scheduler = schedulerOf(3);
    const answer = await scheduler.hold('a', async () => {
      scheduler.enqueue(jobs.job('a1', 'a'));
      scheduler.enqueue(jobs.job('a-bg', 'a', 'bg:a'));
      scheduler.enqueue(jobs.job('b1', 'b'));
      expect(jobs.running).toEqual(['b1']);
      return 'done';
    });
    expect(answer).toBe('done');
    expect(jobs.running).toEqual(['b1', 'a1', 'a-bg']);
  });

  test('what runs goes on, and what waits may expire', async () => {
    const scheduler = schedulerOf(1);
    scheduler.enqueue(jobs.job('a1', 'a'));
    scheduler.enqueue(jobs.job('a2', 'a'));
    await scheduler.hold('a', async () => {
      await jobs.finish('a1');
      expect(jobs.running).toEqual([]);
      clock.advance(waitMs);
    });
    expect(jobs.expired).toEqual(['a2']);
    expect(jobs.started).toEqual(['a1']);
  });

  test('ends when the action fails, too', async () => {
    const scheduler = schedulerOf(1);
    const fault = new Error('no');
    const held = scheduler.hold('a', async () => {
      scheduler.enqueue(jobs.job('a1', 'a'));
      throw fault;
    });
    await expect(held).rejects.toBe(fault);
    expect(jobs.running).toEqual(['a1']);
  });

  test('of two holds the last one counts', async () => {
    const scheduler = schedulerOf(1);
    await scheduler.hold('a', async () => {
      await scheduler.hold('a', async () => scheduler.enqueue(jobs.job('a1', 'a')));
      expect(jobs.running).toEqual([]);
    });
    expect(jobs.running).toEqual(['a1']);
  });
});

describe('stop', () => {
  test('starts nothing more, lets nothing expire, and waits for what runs', async () => {
    const scheduler = schedulerOf(1);
    scheduler.enqueue(jobs.job('a1', 'a'));
    scheduler.enqueue(jobs.job('a2', 'a'));
    scheduler.enqueue(jobs.job('b1', 'b'));
    let stopped = false;
    const stopping = scheduler.stop().then(() => {
      stopped = true;
    });
    await settled();
    expect(stopped).toBe(false);
    await jobs.finish('a1');
    await stopping;
    clock.advance(10 * waitMs);
    expect(jobs.started).toEqual(['a1']);
    expect(jobs.expired).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('waits for all that run, also when one of them rejects', async () => {
    collectUnhandledRejections();
    const scheduler = schedulerOf(2);
    scheduler.enqueue(jobs.job('a1', 'a'));
    scheduler.enqueue(jobs.job('b1', 'b'));
    let stopped = false;
    const stopping = scheduler.stop().then(() => {
      stopped = true;
    });
    await jobs.fail('a1');
    expect(stopped).toBe(false);
    await jobs.finish('b1');
    await stopping;
  });

  test('resolves at once when nothing runs', async () => {
    await schedulerOf(1).stop();
  });
});
