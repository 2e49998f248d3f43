import type { Clock, Instant } from './clock.ts';
import type { Conversation } from './conversation.ts';
import type { Delta } from './stream-events.ts';

/** How far a request has come. `gone`: the client left, or the fake was closed, before its end. */
export type RequestState = 'received' | 'streaming' | 'hanging' | 'answered' | 'cut' | 'gone';

/** A request as it was recorded; it goes on changing until its reply has ended. */
export type RecordedRequest = {
  /** Counts from 1 for each fake. */
  readonly number: number;
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  /** Names in lower case; credentials are replaced by their kind. */
  readonly headers: Readonly<Record<string, string>>;
  /** `x-claude-code-session-id`, or undefined. */
  readonly sessionId: string | undefined;
  /** The parsed JSON, the raw text if it was no JSON, or undefined without a body. */
  readonly body: unknown;
  /** Where the request stands in its conversation; undefined if it was no valid message request. */
  readonly conversation: Conversation | undefined;
  readonly receivedAt: Instant;
  readonly state: RequestState;
  /** The status sent, or undefined before the headers. */
  readonly status: number | undefined;
  /** When the first content delta was written, thinking included. */
  readonly firstDeltaAt: Instant | undefined;
  /** When the first delta of text was written. */
  readonly firstTextAt: Instant | undefined;
  /** When the reply ended, in whatever way. */
  readonly endedAt: Instant | undefined;
  /** How many deltas were written so far. */
  readonly deltas: number;
};

/** One delta at the moment it went to the socket. */
export type SentDelta = {
  readonly request: RecordedRequest;
  /** Counts from 0 within the reply. */
  readonly index: number;
  readonly delta: Delta;
  readonly at: Instant;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Waiter = {
  readonly check: (request: RecordedRequest) => void;
  readonly fail: (e: Error) => void;
};

export type JournalOptions = {
  readonly clock: Clock;
  /** How many requests to keep; the oldest go first. */
  readonly keep: number;
  readonly onDelta?: ((sent: SentDelta) => void) | undefined;
};

/** Keeps what was asked and when it was answered. */
export class Journal {
  readonly #options: JournalOptions;
  readonly #requests: Mutable<RecordedRequest>[] = [];
  readonly #waiters = new Set<Waiter>();
  #count = 0;
  #closed = false;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  /** The kept requests, oldest first: a live view. */
  get requests(): readonly RecordedRequest[] {
    return this.#requests;
  }

  /** Record a request whose body has arrived. */
  add(
    arrived: Pick<
      RecordedRequest,
      'method' | 'url' | 'headers' | 'sessionId' | 'body' | 'conversation' | 'receivedAt'
    >,
  ): Entry {
    this.#count += 1;
    const request: Mutable<RecordedRequest> = {
      ...arrived,
      number: this.#count,
      state: 'received',
      status: undefined,
      firstDeltaAt: undefined,
      firstTextAt: undefined,
      endedAt: undefined,
      deltas: 0,
    };
    this.#requests.push(request);
    if (this.#requests.length > this.#options.keep) this.#requests.shift();
    this.#changed(request);
    return this.#entry(request);
  }

  /**
   * Wait for a request that fits: one already kept, or one that comes or changes to fit later.
   * @throws the abort reason of the signal, or an Error once the journal is closed
   */
  async waitFor(
    fits: (request: RecordedRequest) => boolean,
    signal?: AbortSignal,
  ): Promise<RecordedRequest> {
    signal?.throwIfAborted();
    const present = this.#requests.find(fits);
    if (present !== undefined) return present;
    if (this.#closed) throw closedError();
    const { promise, resolve, reject } = withResolvers<RecordedRequest>();
    const waiter: Waiter = {
      check: (request) => {
        try {
          if (fits(request)) resolve(request);
        } catch (error) {
          reject(error);
        }
      },
      fail: reject,
    };
    const abort = () => reject(signal?.reason);
    this.#waiters.add(waiter);
    signal?.addEventListener('abort', abort);
    try {
      return await promise;
    } finally {
      this.#waiters.delete(waiter);
      signal?.removeEventListener('abort', abort);
    }
  }

  /** Fail everyone who still waits. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.fail(closedError());
  }

  #changed(request: RecordedRequest): void {
    for (const waiter of this.#waiters) waiter.check(request);
  }

  #entry(request: Mutable<RecordedRequest>): Entry {
    const { clock, onDelta } = this.#options;
    return {
      request,
      delta: (delta) => {
        const at = clock.now();
        const index = request.deltas;
        request.deltas += 1;
        request.firstDeltaAt ??= at;
        if (delta.type === 'text_delta') request.firstTextAt ??= at;
        onDelta?.({ request, index, delta, at });
        if (request.state === 'streaming') return;
        request.state = 'streaming';
        this.#changed(request);
      },
      move: (state, status) => {
        request.state = state;
        request.status = status ?? request.status;
        if (state !== 'hanging') request.endedAt = clock.now();
        this.#changed(request);
      },
    };
  }
}

/** The journal's handle on one request. */
export type Entry = {
  readonly request: RecordedRequest;
  delta(delta: Delta): void;
  move(state: 'hanging' | 'answered' | 'cut' | 'gone', status: number | undefined): void;
};

const closedError = () => new Error('the fake was closed');

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  return { promise, resolve, reject };
}
