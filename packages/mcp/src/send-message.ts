import { type Client, ConnectionLostError, UnreachableError } from '@mini-claude-bot/client';
import { GatewayError, operations, type TurnEvent, TurnId } from '@mini-claude-bot/contract';
import { TurnFault, WaitedTooLongError } from './faults.ts';
import { type After, pause } from './time.ts';

/** How a call is under way. */
export interface CallContext {
  /** Aborted when the caller takes the call back, and when it goes away. */
  readonly signal: AbortSignal;
  /** Whether it took it back: whoever only goes away leaves what it began going. */
  readonly isTakenBack: () => boolean;
  /** Tell the caller how far it is. */
  readonly progress: (message: string) => void;
}

export interface SendParts {
  readonly client: Client;
  readonly after: After;
  /** How long the reply is waited for, in milliseconds. */
  readonly longestMs: number;
  readonly newKey: () => string;
}

/** A gateway that ends and starts again is back by then: so often it is asked, this many milliseconds apart. */
const retries = 30;
const retryMs = 1_000;
/** Characters of the reply from one word of progress to the next. */
const progressEvery = 1_000;

/** What a message got. */
export interface Sent {
  readonly response: string;
  readonly session_key: string;
  readonly turn_id: string;
}

/**
 * Send a message and wait for the whole reply. Each message has a key, so that asking again after the
 * connection broke off joins its turn, and makes no other.
 * @param input of the operation `sendMessage`
 * @throws TurnFault, WaitedTooLongError, GatewayError, UnreachableError, ConnectionLostError
 */
export function sendMessage(
  input: Readonly<Record<string, unknown>>,
  parts: SendParts,
  context: CallContext,
): Promise<Sent> {
  return new Sending(input, parts, context).run();
}

class Sending {
  readonly #input: ReturnType<typeof operations.sendMessage.input.parse>;
  readonly #parts: SendParts;
  readonly #context: CallContext;
  readonly #leave = new AbortController();
  #turnId: TurnId | undefined;
  #text = '';
  #told = 0;
  #timedOut = false;
  #takenBack = false;

  constructor(input: Readonly<Record<string, unknown>>, parts: SendParts, context: CallContext) {
    const withKey = { ...input, idempotency_key: parts.newKey() };
    this.#input = operations.sendMessage.input.parse(withKey);
    this.#parts = parts;
    this.#context = context;
  }

  async run(): Promise<Sent> {
    const { after, longestMs } = this.#parts;
    const { signal } = this.#context;
    const stopClock = after(longestMs, () => {
      this.#timedOut = true;
      this.#leave.abort();
    });
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
    try {
      return await this.#sendUntilAnswered();
    } catch (error) {
      throw this.#timedOut ? this.#tooLong() : error;
    } finally {
      stopClock();
      signal.removeEventListener('abort', this.#onAbort);
    }
  }

  // Only when those who listen have all been told is it known whether the connection is still there.
  readonly #onAbort = (): void =>
    queueMicrotask(() => {
      if (!this.#context.isTakenBack()) return this.#leave.abort();
      this.#takenBack = true;
      void this.#cancel();
    });

  async #sendUntilAnswered(): Promise<Sent> {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.#follow();
      } catch (error) {
        if (tries >= retries || !this.#isPassing(error)) throw error;
        this.#context.progress('The connection to the gateway broke off; trying again.');
        await pause(retryMs, this.#parts.after, this.#leave.signal);
      }
    }
  }

  /** The gateway may come back, and has the message already or would take it. */
  #isPassing(error: unknown): boolean {
    if (this.#leave.signal.aborted || this.#takenBack) return false;
    if (error instanceof ConnectionLostError) return true;
    if (this.#turnId === undefined) return false;
    return (
      error instanceof UnreachableError ||
      (error instanceof GatewayError && error.code === 'shutting_down')
    );
  }

  async #follow(): Promise<Sent> {
    this.#text = '';
    const { client } = this.#parts;
    const { signal } = this.#leave;
    for await (const event of client.stream(operations.streamMessage, this.#input, signal)) {
      const sent = this.#read(event);
      if (sent !== undefined) return sent;
    }
    signal.throwIfAborted();
    // A reply that is too long for one line has no last event.
    if (this.#text !== '') return this.#sent(this.#text);
    throw new ConnectionLostError('the stream ended early');
  }

  #read(event: TurnEvent): Sent | undefined {
    switch (event.type) {
      case 'turn':
        this.#turnId = TurnId.parse(event.content);
        if (this.#takenBack) void this.#cancel();
        break;
      case 'text':
        this.#addText(event.content);
        break;
      case 'restart':
        this.#text = '';
        this.#context.progress(event.content);
        break;
      case 'done':
        if (event.stopped !== undefined) throw this.#stopped(event.content);
        if (event.error !== undefined)
          throw new TurnFault(event.error, `${event.content}${this.#whichTurn()}`);
        return this.#sent(event.content);
      case 'error':
        throw new TurnFault(event.code, `The message was not run: ${event.content}`);
      default:
        this.#tell(event);
    }
    return undefined;
  }

  #tell(
    event: Extract<TurnEvent, { type: 'queued' | 'started' | 'tool' | 'notice' | 'thinking' }>,
  ) {
    if (event.type === 'tool') this.#context.progress(`${event.name}: ${event.content}`);
    else if (event.type === 'started') this.#context.progress('Claude has begun.');
    else if (event.type !== 'thinking') this.#context.progress(event.content);
  }

  #addText(text: string): void {
    this.#text += text;
    if (this.#text.length - this.#told < progressEvery) return;
    this.#told = this.#text.length;
    this.#context.progress(`Claude has written ${this.#told} characters.`);
  }

  /** What can't be cancelled goes on, and is in the history. */
  async #cancel(): Promise<void> {
    if (this.#turnId === undefined) return;
    await this.#parts.client
      .call(operations.cancelTurn, { turn_id: this.#turnId })
      .catch(() => this.#leave.abort());
  }

  #sent(response: string): Sent {
    return { response, session_key: this.#input.chat_id, turn_id: this.#turnId ?? '' };
  }

  #stopped(content: string): TurnFault {
    return new TurnFault('interrupted', `The answer was stopped.${content && ` ${content}`}`);
  }

  #tooLong(): WaitedTooLongError {
    const seconds = Math.round(this.#parts.longestMs / 1000);
    return new WaitedTooLongError(
      `Claude has not answered within ${seconds} s (MCB_GATEWAY_TIMEOUT).${this.#whichTurn()}`,
    );
  }

  #whichTurn(): string {
    const id = this.#turnId;
    return id === undefined ? '' : ` get_turn tells what becomes of it: turn_id ${id}.`;
  }
}
