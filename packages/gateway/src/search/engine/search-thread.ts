import { Worker } from 'node:worker_threads';
import type { Clock } from '../../host/clock.ts';
import { workerFile } from '../../host/worker-file.ts';
import type { TextFound, VectorFound } from '../rank/fuse.ts';
import type { SearchEngine } from './search-engine.ts';
import type { Counts, Engine, SearchReply } from './search-request.ts';

/** What the thread can be asked, with what. */
interface Methods {
  readonly search: Parameters<SearchEngine['search']>;
  readonly byWords: Parameters<SearchEngine['byWords']>;
  readonly byVector: Parameters<SearchEngine['byVector']>;
  readonly counts: Parameters<SearchEngine['counts']>;
}

/** What the thread is asked. */
export type WorkerCall = {
  [M in keyof Methods]: {
    readonly id: number;
    readonly method: M;
    readonly parameters: Methods[M];
  };
}[keyof Methods];

export type WorkerAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly fault: string };

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A worker, and the calls that it has not answered. */
interface Running {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
}

/** An idle thread holds memory for nothing. */
const idleMs = 60_000;

/** Searches on a thread of their own, with a connection of its own: started by the first, ended when idle. */
export class SearchThread implements Engine {
  readonly #path: string;
  readonly #clock: Clock;
  #running: Running | undefined;
  #nextId = 1;
  #cancelIdle: (() => void) | undefined;
  #closed = false;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  readonly search: Engine['search'] = async (...parameters) =>
    // The worker runs our own engine's method of that name.
    (await this.#ask('search', parameters)) as SearchReply;

  readonly byWords: Engine['byWords'] = async (...parameters) =>
    (await this.#ask('byWords', parameters)) as TextFound[];

  readonly byVector: Engine['byVector'] = async (...parameters) =>
    (await this.#ask('byVector', parameters)) as VectorFound[];

  readonly counts: Engine['counts'] = async (...parameters) =>
    (await this.#ask('counts', parameters)) as Counts;

  readonly close = async (): Promise<void> => {
    this.#closed = true;
    await this.#end();
  };

  async #ask<M extends keyof Methods>(method: M, parameters: Methods[M]): Promise<unknown> {
    if (this.#closed) throw new Error('the search has ended');
    this.#running ??= this.#start();
    const { worker, pending } = this.#running;
    this.#cancelIdle?.();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      pending.set(id, { resolve, reject });
      worker.postMessage({ id, method, parameters });
    });
  }

  #start(): Running {
    const worker = new Worker(workerFile('search-worker.js'), { workerData: { path: this.#path } });
    const running: Running = { worker, pending: new Map() };
    worker.on('message', (answer: WorkerAnswer) => this.#settle(running, answer));
    worker.on('error', (error) => this.#lost(running, error));
    worker.on('exit', () => this.#lost(running, new Error('the search thread ended')));
    // A search that nobody waits for does not keep the program alive.
    worker.unref();
    return running;
  }

  /** The next search gets a new one. */
  #lost(running: Running, error: Error): void {
    if (this.#running === running) this.#running = undefined;
    for (const { reject } of running.pending.values()) reject(error);
    running.pending.clear();
  }

  #settle({ pending }: Running, answer: WorkerAnswer): void {
    const waiting = pending.get(answer.id);
    pending.delete(answer.id);
    if ('fault' in answer) waiting?.reject(new Error(answer.fault));
    else waiting?.resolve(answer.value);
    if (pending.size > 0 || this.#closed) return;
    this.#cancelIdle?.();
    this.#cancelIdle = this.#clock.after(idleMs, () => void this.#end());
  }

  async #end(): Promise<void> {
    this.#cancelIdle?.();
    const running = this.#running;
    this.#running = undefined;
    await running?.worker.terminate();
  }
}
