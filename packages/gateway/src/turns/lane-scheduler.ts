import type { Clock } from '../host/clock.ts';
import { type LaneView, pickLane } from './pick-lane.ts';

/** Something to be run in a lane. */
export interface Job {
  /** One job at a time per lane, first in, first out. */
  readonly lane: string;
  /** Slots are shared fairly over these. */
  readonly chat: string;
  /** Somebody waits for it. Without: one slot is left to those for whom somebody does. */
  readonly attended: boolean;
  /** How long it may wait, in milliseconds; Infinity: as long as it takes. */
  readonly waitMs: number;
  /** Must not reject. The slot and the lane are taken until it settles. */
  readonly run: () => Promise<void>;
  /** It waited longer than it may: it has left the queue and will not run. */
  readonly onExpire: () => void;
  /** It waits: so many of its lane come first. Called when that is known, and when it changes. */
  readonly onPlace?: (ahead: number) => void;
}

interface Waiting {
  readonly job: Job;
  readonly order: number;
  readonly deadlineMs: number;
  readonly cancelTimer: () => void;
}

interface Lane {
  readonly chat: string;
  readonly attended: boolean;
  readonly waiting: Waiting[];
  running: boolean;
}

/** Lanes and slots: decides when each job runs. Each slot that is taken comes back, whatever happens. */
export class LaneScheduler {
  readonly #slots: number;
  readonly #clock: Clock;
  readonly #lanes = new Map<string, Lane>();
  readonly #held = new Map<string, number>();
  readonly #lastStart = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  #slotsUsed = 0;
  #order = 0;
  #paused = false;
  #stopped = false;

  /** @param slots jobs that run at the same time */
  constructor(slots: number, clock: Clock) {
    this.#slots = slots;
    this.#clock = clock;
  }

  get slots(): number {
    return this.#slots;
  }

  /** Jobs of all lanes that wait. */
  get waiting(): number {
    return [...this.#lanes.values()].reduce((sum, lane) => sum + lane.waiting.length, 0);
  }

  get slotsUsed(): number {
    return this.#slotsUsed;
  }

  /** Slots that are taken by jobs of some chats. */
  slotsUsedBy(matches: (chat: string) => boolean): number {
    return [...this.#lanes.values()].filter(({ running, chat }) => running && matches(chat)).length;
  }

  /** Jobs of a lane that wait. */
  waitingIn(lane: string): number {
    return this.#lanes.get(lane)?.waiting.length ?? 0;
  }

  /** How long the first job that waits there may still wait, in milliseconds; undefined when none does. */
  remainingWaitMs(lane: string): number | undefined {
    const first = this.#lanes.get(lane)?.waiting[0];
    return first === undefined ? undefined : Math.max(0, first.deadlineMs - this.#clock.now());
  }

  enqueue(job: Job): void {
    const { chat, attended, waitMs } = job;
    const lane = this.#lanes.get(job.lane) ?? { chat, attended, waiting: [], running: false };
    this.#lanes.set(job.lane, lane);
    const waiting: Waiting = {
      job,
      order: this.#order++,
      deadlineMs: this.#clock.now() + waitMs,
      cancelTimer: Number.isFinite(waitMs)
        ? this.#clock.after(waitMs, () => this.#expire(lane, waiting))
        : () => {},
    };
    lane.waiting.push(waiting);
    this.#startWhatCan();
    const place = lane.waiting.indexOf(waiting);
    if (place >= 0) job.onPlace?.(place + (lane.running ? 1 : 0));
  }

  /** Take one job that waits out of its lane; it will not run or expire. @returns whether it waited */
  withdraw(job: Job): boolean {
    const lane = this.#lanes.get(job.lane);
    const waiting = lane?.waiting.find((entry) => entry.job === job);
    if (lane === undefined || waiting === undefined) return false;
    waiting.cancelTimer();
    lane.waiting.splice(lane.waiting.indexOf(waiting), 1);
    this.#tellPlaces(lane);
    this.#forgetIfEmpty(job.lane);
    return true;
  }

  /** Take all jobs of a lane that wait out of it; none of them will run or expire. */
  drain(lane: string): Job[] {
    const drained = this.#lanes.get(lane)?.waiting.splice(0) ?? [];
    for (const { cancelTimer } of drained) cancelTimer();
    this.#forgetIfEmpty(lane);
    return drained.map(({ job }) => job);
  }

  /** While the action runs, no job of that chat starts. Their waiting time goes on. */
  async hold<T>(chat: string, action: () => Promise<T>): Promise<T> {
    this.#held.set(chat, (this.#held.get(chat) ?? 0) + 1);
    try {
      return await action();
    } finally {
      const left = (this.#held.get(chat) ?? 1) - 1;
      if (left > 0) this.#held.set(chat, left);
      else this.#held.delete(chat);
      this.#startWhatCan();
    }
  }

  /** Start no jobs until {@link resume}. */
  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#startWhatCan();
  }

  /** Start no more jobs. Resolves when those that run have settled. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const lane of this.#lanes.values())
      for (const { cancelTimer } of lane.waiting) cancelTimer();
    await Promise.allSettled(this.#running);
  }

  #startWhatCan(): void {
    while (!this.#stopped && !this.#paused && this.#slotsUsed < this.#slots) {
      const picked = pickLane(this.#view());
      if (picked === undefined) return;
      this.#start(picked);
    }
  }

  #view(): LaneView[] {
    const runningOf = new Map<string, number>();
    for (const lane of this.#lanes.values()) {
      if (lane.running) runningOf.set(lane.chat, (runningOf.get(lane.chat) ?? 0) + 1);
    }
    const full = this.#unattendedFull();
    return [...this.#lanes].flatMap(([name, { chat, attended, waiting, running }]) => {
      const first = waiting[0];
      if (!attended && full) return [];
      if (running || first === undefined || this.#held.has(chat)) return [];
      return [
        {
          name,
          order: first.order,
          chatRunning: runningOf.get(chat) ?? 0,
          chatLastStart: this.#lastStart.get(chat) ?? -1,
        },
      ];
    });
  }

  /** What works by itself may take hours: with all slots its own, nobody would get an answer meanwhile. */
  #unattendedFull(): boolean {
    let running = 0;
    for (const lane of this.#lanes.values()) if (lane.running && !lane.attended) running += 1;
    return running >= Math.max(1, this.#slots - 1);
  }

  #start(name: string): void {
    const lane = this.#lanes.get(name);
    const next = lane?.waiting.shift();
    if (lane === undefined || next === undefined) return;
    next.cancelTimer();
    // The slot is taken before the job is called: it may put another one in at once.
    lane.running = true;
    this.#slotsUsed += 1;
    this.#lastStart.set(lane.chat, this.#order++);
    const running = this.#run(name, lane, next.job).finally(() => this.#running.delete(running));
    this.#running.add(running);
    this.#tellPlaces(lane);
  }

  #tellPlaces({ waiting, running }: Lane): void {
    for (const [place, { job }] of waiting.entries()) job.onPlace?.(place + (running ? 1 : 0));
  }

  async #run(name: string, lane: Lane, job: Job): Promise<void> {
    try {
      await job.run();
    } finally {
      this.#slotsUsed -= 1;
      lane.running = false;
      this.#forgetIfEmpty(name);
      this.#startWhatCan();
    }
  }

  #expire(lane: Lane, waiting: Waiting): void {
    const index = lane.waiting.indexOf(waiting);
    if (index < 0) return;
    lane.waiting.splice(index, 1);
    this.#tellPlaces(lane);
    this.#forgetIfEmpty(waiting.job.lane);
    waiting.job.onExpire();
  }

  #forgetIfEmpty(name: string): void {
    const lane = this.#lanes.get(name);
    if (lane === undefined || lane.running || lane.waiting.length > 0) return;
    this.#lanes.delete(name);
    // Not sooner: a chat that asks again just after its answer would come before all that wait.
    if (this.#lanes.size === 0) this.#lastStart.clear();
  }
}
