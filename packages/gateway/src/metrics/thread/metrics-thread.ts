import { Worker } from 'node:worker_threads';
import type { UsageBatch, UsageReading } from '@mini-claude-bot/claude/usage';
import type { SystemFigures } from '@mini-claude-bot/contract';
import type { Clock } from '../../host/clock.ts';
import { workerFile } from '../../host/worker-file.ts';
import type { StoredFigures } from '../stored-figures.ts';
import type { SummaryOptions } from '../usage/summarize-usage.ts';
import type { MetricsAnswer, MetricsCall } from './metrics-call.ts';

/** An idle thread holds memory for nothing. */
const idleMs = 60_000;

type OnBatch = (batch: UsageBatch) => Promise<void>;

/**
 * Reads transcripts, counts rows and looks at the machine on a thread of its own, so that nobody waits meanwhile: started when it is
 * needed, ended when idle. It does one thing after the other.
 */
export class MetricsThread {
  readonly #clock: Clock;
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #cancelIdle = (): void => {};
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Read what is new in transcripts.
   * @param database path of the file, which knows how far each was read
   * @param onBatch gets what was read, one batch after the other; where it fails, the reading ends
   */
  read(directory: string, database: string, onBatch: OnBatch): Promise<UsageReading> {
    return this.#next(async () => {
      const answer = await this.#ask({ kind: 'read', directory, database }, onBatch);
      if (answer.kind !== 'read') throw new Error(`the metrics thread answered ${answer.kind}`);
      return answer.reading;
    });
  }

  /** @param database path of the file */
  collect(database: string, options: SummaryOptions): Promise<StoredFigures> {
    return this.#next(async () => {
      const answer = await this.#ask({ kind: 'collect', database, options }, unexpected);
      if (answer.kind !== 'collected') throw new Error(`the thread answered ${answer.kind}`);
      return answer.figures;
    });
  }

  /** How the machine is. @param directory the file system that it is on is told of */
  look(directory: string): Promise<SystemFigures> {
    return this.#next(async () => {
      const answer = await this.#ask({ kind: 'look', directory }, unexpected);
      if (answer.kind !== 'seen') throw new Error(`the metrics thread answered ${answer.kind}`);
      return answer.figures;
    });
  }

  /** End it, with what it does. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#end();
    await this.#last;
  }

  #next<T>(act: () => Promise<T>): Promise<T> {
    const next = this.#last.then(async () => {
      if (this.#closed) throw new Error('the metrics thread has ended');
      this.#cancelIdle();
      try {
        return await act();
      } catch (error) {
        // Whatever it still does belongs to nobody.
        await this.#end();
        throw error;
      } finally {
        if (this.#worker !== undefined) {
          this.#cancelIdle = this.#clock.after(idleMs, () => void this.#end());
        }
      }
    });
    this.#last = next.catch(() => {});
    return next;
  }

  /** Batches are taken one after the other; the answer counts when all of them are. */
  #ask(
    call: MetricsCall,
    onBatch: OnBatch,
  ): Promise<Exclude<MetricsAnswer, { kind: 'batch' | 'fault' }>> {
    const worker = this.#start();
    return new Promise((resolve, reject) => {
      let taken: Promise<void> = Promise.resolve();
      const settle = (end: () => void): void => {
        worker.off('message', onMessage).off('error', fail).off('exit', onExit);
        end();
      };
      const fail = (error: unknown): void =>
        settle(() => reject(error instanceof Error ? error : new Error(String(error))));
      const onExit = (): void => fail(new Error('the metrics thread ended'));
      const onMessage = (answer: MetricsAnswer): void => {
        if (answer.kind === 'fault') {
          fail(new Error(answer.words));
        } else if (answer.kind === 'batch') {
          taken = taken.then(() => onBatch(answer.batch));
          taken.then(() => worker.postMessage({ kind: 'taken' } satisfies MetricsCall), fail);
        } else {
          taken.then(() => settle(() => resolve(answer)), fail);
        }
      };
      worker.on('message', onMessage).on('error', fail).on('exit', onExit);
      worker.postMessage(call);
    });
  }

  #start(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(workerFile('metrics-worker.js'), { env: plainEnvironment() });
    // Where it ends while nobody waits for it, the next call starts another.
    worker.on('error', () => this.#forget(worker)).on('exit', () => this.#forget(worker));
    // What nobody waits for does not keep the program alive.
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #forget(worker: Worker): void {
    if (this.#worker === worker) this.#worker = undefined;
  }

  async #end(): Promise<void> {
    this.#cancelIdle();
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

const unexpected: OnBatch = async () => {
  throw new Error('the metrics thread reads what it was not asked for');
};

/** What programs need that the library for the machine's figures starts; none of the secrets. */
const plainEnvironment = (): Record<string, string> =>
  Object.fromEntries(
    ['PATH', 'TZ'].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
