import { type TurnEvent, type TurnStep, withStep } from '@mini-claude-bot/contract';
import { PackedEvents } from './packed-events.ts';

/** The events that end a feed. */
type LastEvent = Extract<TurnEvent, { type: 'done' | 'error' }>;

/** An event with its place in the turn; none on what was put in for a reader that had fallen behind. */
export interface NumberedEvent {
  readonly number: number | undefined;
  readonly event: TurnEvent;
}

/** How much of a turn is kept for readers that are behind, in characters. */
const keptCharacters = 1_000_000;
/** What an event counts for besides its content: without any, there could be endlessly many. */
const ofEachEvent = 20;
const weightOf = ({ content }: TurnEvent): number => content.length + ofEachEvent;

const behind: TurnEvent = {
  type: 'restart',
  content: 'You are behind; here is the reply so far.',
};

/**
 * The events of one turn, kept once for all its readers. Each reader takes them at its own pace, so that
 * a slow one holds back neither the turn nor anybody else, and costs no memory of its own. One that falls
 * too far behind is told to start over, and gets what stands of the reply.
 */
export class TurnFeed {
  #events: TurnEvent[] = [];
  /** All of them, once it has ended. */
  #packed: PackedEvents | undefined;
  /** Number of the first event that is still kept. */
  #first = 0;
  #kept = 0;
  #text = '';
  #steps: readonly TurnStep[] = [];
  #ended = false;
  #waiting = new Set<() => void>();

  /** The reply as far as it goes. */
  get text(): string {
    return this.#text;
  }

  /** What was done on the way so far; nothing once it has ended, since it is stored by then. */
  get steps(): readonly TurnStep[] {
    return this.#steps;
  }

  get ended(): boolean {
    return this.#ended;
  }

  append(event: TurnEvent): void {
    if (this.#ended) return;
    if (event.type === 'text') this.#text += event.content;
    this.#push(event);
  }

  /** Streamed text was taken back: readers start over with what stands. */
  restart(reason: string, kept: string): void {
    if (this.#ended) return;
    this.#text = kept;
    this.#push({ type: 'restart', content: reason });
    if (kept !== '') this.#push({ type: 'text', content: kept });
  }

  end(event: LastEvent): void {
    if (this.#ended) return;
    this.#push(event);
    this.#ended = true;
    // Feeds are kept for a while after their end, and what they keep is counted without these.
    this.#steps = [];
    this.#packed = new PackedEvents(this.#events);
    this.#events = [];
    // Equal, and yet another one: it was put together from all its pieces, and holds on to each.
    if (this.#text === event.content) this.#text = event.content;
  }

  /** No more comes, though the turn has not ended: readers come back after the restart. */
  close(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Characters that it keeps. */
  get size(): number {
    return this.#kept + this.#text.length;
  }

  /** The events from the first on; see {@link follow}. */
  async *read(signal: AbortSignal): AsyncGenerator<TurnEvent> {
    for await (const { event } of this.follow(0, signal)) yield event;
  }

  /**
   * The events from that number on, as they come, until the turn has ended. A reader that stops taking
   * them, or whose signal is aborted, is forgotten.
   */
  async *follow(from: number, signal: AbortSignal): AsyncGenerator<NumberedEvent> {
    let next = from;
    while (!signal.aborted) {
      if (next < this.#first) {
        yield { number: undefined, event: behind };
        const { text } = this;
        next = this.#first + this.#all.length - (this.#ended ? 1 : 0);
        if (text !== '') yield { number: undefined, event: { type: 'text', content: text } };
        // It took its time for that too, and may be behind again.
        continue;
      }
      const event = this.#all.at(next - this.#first);
      if (event !== undefined) {
        yield { number: next, event };
        next += 1;
        if (event.type === 'done' || event.type === 'error') return;
      } else if (this.#ended) {
        return;
      } else {
        await this.#changed(signal);
      }
    }
  }

  get #all(): readonly TurnEvent[] | PackedEvents {
    return this.#packed ?? this.#events;
  }

  #push(event: TurnEvent): void {
    this.#events.push(event);
    this.#steps = withStep(this.#steps, event);
    this.#kept += weightOf(event);
    while (this.#kept > keptCharacters && this.#events.length > 1) {
      const oldest = this.#events.shift();
      this.#kept -= oldest === undefined ? 0 : weightOf(oldest);
      this.#first += 1;
    }
    this.#wake();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
  }

  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}
