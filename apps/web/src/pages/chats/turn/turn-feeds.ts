import type { Client } from '@mini-claude-bot/client';
import {
  GatewayError,
  type InputOf,
  operations,
  type TurnEvent,
  TurnId,
} from '@mini-claude-bot/contract';
import { TurnFeed } from './turn-feed.ts';

/** Feeds that are kept after their turns have ended: what Claude did on the way can still be shown. */
const mostKept = 200;

/** The turns that this page follows, each once, however many places show it. */
export class TurnFeeds {
  readonly #client: Client;
  readonly #feeds = new Map<string, TurnFeed>();

  constructor(client: Client) {
    this.#client = client;
  }

  of(turnId: string): TurnFeed {
    const known = this.#feeds.get(turnId);
    if (known !== undefined) return known;
    const turn_id = TurnId.parse(turnId);
    const feed = new TurnFeed((signal) =>
      this.#client.stream(operations.followTurn, { turn_id }, signal),
    );
    this.#feeds.set(turnId, feed);
    const [oldest] = this.#feeds.keys();
    if (this.#feeds.size > mostKept && oldest !== undefined) this.#feeds.delete(oldest);
    return feed;
  }

  /**
   * Send a message. Its stream is read to the end, whoever looks: the gateway keeps the answer of one who hung up
   * for whoever says the same next.
   * @returns the id of its turn, once the gateway has stored it
   * @throws as the client does; GatewayError where it was refused
   */
  async send(message: InputOf<typeof operations.streamMessage>): Promise<string> {
    const events = this.#client.stream(operations.streamMessage, message);
    const first = await events.next();
    if (first.done === true) throw new GatewayError('internal', 'The stream ended at once.');
    if (first.value.type === 'error') throw new GatewayError(first.value.code, first.value.content);
    if (first.value.type !== 'turn')
      throw new GatewayError('internal', 'The stream names no turn.');
    const turnId = first.value.content;
    void this.#readOn(this.of(turnId), events);
    return turnId;
  }

  async #readOn(feed: TurnFeed, events: AsyncIterable<TurnEvent>): Promise<void> {
    const stopped = feed.feed();
    try {
      for await (const event of events) feed.take(event);
    } catch {
      // The turn goes on: whoever looks follows it by its id.
    } finally {
      stopped();
    }
  }
}
