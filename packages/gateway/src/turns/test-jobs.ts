import type { Job } from './lane-scheduler.ts';

/** How long a job of a test may wait. */
export const jobWaitMs = 1000;

/** How a test lets a job's run end. */
interface Run {
  readonly succeed: () => void;
  readonly fail: (error: Error) => void;
}

/** Jobs that run for as long as a test lets them, and what became of each. */
export class TestJobs {
  /** In the order of their start. */
  readonly started: string[] = [];
  readonly expired: string[] = [];
  readonly #running = new Map<string, Run>();

  /** Names of the jobs that run, in the order of their start. */
  get running(): string[] {
    return [...this.#running.keys()];
  }

  /** A job of the only lane of its chat, unless another is named. */
  job(name: string, chat: string, lane = `main:${chat}`): Job {
    return {
      lane,
      chat,
      attended: !lane.startsWith('bg:'),
      waitMs: jobWaitMs,
      run: () => this.#run(name),
      onExpire: () => void this.expired.push(name),
    };
  }

  /** Let a running job end, and the scheduler see it. */
  async finish(name: string): Promise<void> {
    this.#end(name).succeed();
    await settled();
  }

  /** The same, for one that rejects though it must not. */
  async fail(name: string, error = new Error(`${name} failed`)): Promise<void> {
    this.#end(name).fail(error);
    await settled();
  }

  #run(name: string): Promise<void> {
    this.started.push(name);
    return new Promise((succeed, fail) => {
      this.#running.set(name, { succeed, fail });
    });
  }

  #end(name: string): Run {
    const run = this.#running.get(name);
    if (run === undefined) throw new Error(`${name} does not run`);
    this.#running.delete(name);
    return run;
  }
}

/** Everything that was only waiting for promises has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
