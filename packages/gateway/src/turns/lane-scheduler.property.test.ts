import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { LaneScheduler } from './lane-scheduler.ts';
import { settled, TestJobs } from './test-jobs.ts';
import { collectUnhandledRejections } from './test-unhandled.ts';

const chats = ['a', 'b', 'c'];
const lanesOf = (chat: string): string[] => [`main:${chat}`, `bg:${chat}`];
const lanes = chats.flatMap(lanesOf);

type Step =
  | { readonly kind: 'enqueue'; readonly lane: string; readonly throws: boolean }
  | { readonly kind: 'end'; readonly index: number; readonly fails: boolean }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'drain'; readonly lane: string }
  | { readonly kind: 'hold' | 'release'; readonly chat: string };

/** One lane is used more than the others, so that long queues come about. */
const lane = fc.oneof(fc.constantFrom(...lanes), fc.constant('main:a'));
const chat = fc.constantFrom(...chats);
const sometimes = fc.oneof({ arbitrary: fc.constant(false), weight: 4 }, fc.constant(true));
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    arbitrary: fc.record({ kind: fc.constant('enqueue' as const), lane, throws: sometimes }),
    weight: 4,
  },
  {
    arbitrary: fc.record({ kind: fc.constant('end' as const), index: fc.nat(9), fails: sometimes }),
    weight: 3,
  },
  fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 1, max: 600 }) }),
  fc.record({ kind: fc.constant('drain' as const), lane }),
  fc.record({ kind: fc.constantFrom('hold' as const, 'release' as const), chat }),
);

const isUnattended = (lane: string | undefined): boolean => lane?.startsWith('bg:') === true;

/** A scheduler under random treatment, beside a simple account of what must be true of it. */
class Trial {
  readonly clock = new TestClock();
  readonly jobs = new TestJobs();
  readonly scheduler: LaneScheduler;
  /** Names in the order in which they were put in, by lane. */
  readonly queued = new Map<string, string[]>(lanes.map((name) => [name, []]));
  readonly drained: string[] = [];
  readonly thrown: string[] = [];
  readonly #laneOf = new Map<string, string>();
  readonly #holds: { readonly chat: string; readonly release: () => void }[] = [];
  readonly #slots: number;
  faults = 0;
  #count = 0;

  constructor(slots: number) {
    this.#slots = slots;
    this.scheduler = new LaneScheduler(slots, this.clock);
  }

  async take(next: Step): Promise<void> {
    switch (next.kind) {
      case 'enqueue':
        return this.#enqueue(next.lane, next.throws);
      case 'end':
        return this.#end(next.index, next.fails);
      case 'advance':
        return this.clock.advance(next.ms);
      case 'drain':
        return this.#drain(next.lane);
      case 'hold':
        return this.#hold(next.chat);
      case 'release':
        return this.#release(next.chat);
    }
  }

  /** What holds after every step. */
  check(): void {
    const { jobs, scheduler } = this;
    const running = jobs.running.map((name) => this.#laneOf.get(name));
    expect(scheduler.slotsUsed).toBe(running.length);
    expect(running.length).toBeLessThanOrEqual(this.#slots);
    expect(new Set(running).size).toBe(running.length);
    const gone = new Set([...jobs.started, ...jobs.expired, ...this.drained, ...this.thrown]);
    for (const [name, all] of this.queued) {
      const waiting = all.filter((job) => !gone.has(job));
      expect(scheduler.waitingIn(name)).toBe(waiting.length);
      const held = this.#holds.some((hold) => lanesOf(hold.chat).includes(name));
      const couldStart = waiting.length > 0 && !held && !running.includes(name);
      const unattended = running.filter(isUnattended).length;
      const most = Math.max(1, this.#slots - 1);
      expect(unattended).toBeLessThanOrEqual(most);
      // A slot is never idle while somebody could use it.
      if (couldStart && !(isUnattended(name) && unattended === most))
        expect(running.length).toBe(this.#slots);
    }
  }

  async end(): Promise<void> {
    for (const { release } of this.#holds.splice(0)) release();
    await settled();
    while (this.jobs.running.length > 0) {
      this.check();
      await this.#end(0, false);
    }
    this.check();
  }

  async #enqueue(name: string, throws: boolean): Promise<void> {
    this.#count += 1;
    const id = `${name}#${this.#count}`;
    this.#laneOf.set(id, name);
    this.queued.get(name)?.push(id);
    const job = this.jobs.job(id, name.slice(name.indexOf(':') + 1), name);
    const fault = (): never => {
      this.thrown.push(id);
      this.faults += 1;
      throw new Error(`${id} threw`);
    };
    this.scheduler.enqueue(throws ? { ...job, run: fault } : job);
    await settled();
  }

  async #end(index: number, fails: boolean): Promise<void> {
    const { running } = this.jobs;
    const name = running[index % Math.max(1, running.length)];
    if (name === undefined) return;
    if (fails) this.faults += 1;
    await (fails ? this.jobs.fail(name) : this.jobs.finish(name));
  }

  #drain(name: string): void {
    const before = this.scheduler.waitingIn(name);
    const all = this.queued.get(name) ?? [];
    const gone = new Set([
      ...this.jobs.started,
      ...this.jobs.expired,
      ...this.drained,
      ...this.thrown,
    ]);
    const waiting = all.filter((job) => !gone.has(job));
    expect(this.scheduler.drain(name)).toHaveLength(before);
    this.drained.push(...waiting);
  }

  #hold(name: string): void {
    void this.scheduler.hold(
      name,
      () =>
        new Promise<void>((release) => {
          this.#holds.push({ chat: name, release });
        }),
    );
  }

  async #release(name: string): Promise<void> {
    const index = this.#holds.findIndex((hold) => hold.chat === name);
    for (const { release } of index < 0 ? [] : this.#holds.splice(index, 1)) release();
    await settled();
  }
}

test('whatever happens, no slot is lost, and each job has one end, in the order of its lane', async () => {
  const faults = collectUnhandledRejections();
  const steps = fc.array(step, { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), steps, async (slots, all) => {
      faults.length = 0;
      const trial = new Trial(slots);
      for (const next of all) {
        await trial.take(next);
        trial.check();
      }
      await trial.end();

      const { jobs, scheduler, clock, queued, drained, thrown } = trial;
      const ends = [...jobs.started, ...thrown, ...jobs.expired, ...drained];
      expect(ends.sort()).toEqual([...queued.values()].flat().sort());
      for (const inLane of queued.values()) {
        const started = jobs.started.filter((name) => inLane.includes(name));
        expect(started).toEqual(inLane.filter((name) => started.includes(name)));
      }
      expect(scheduler.slotsUsed).toBe(0);
      expect(clock.pending).toBe(0);
      expect(faults).toHaveLength(trial.faults);
    }),
    { numRuns: 150 },
  );
});
