import { type Client, UnreachableError } from '@mini-claude-bot/client';
import { GatewayError, operations } from '@mini-claude-bot/contract';
import type { TurnEnd, TurnView } from './turn-view.ts';

/** The chat that is talked to. */
export interface ChatPlace {
  readonly client: Client;
  readonly chatId: string;
  readonly botId: string;
  /** Address of the gateway, for messages. */
  readonly url: string;
}

/** How asking ended: as the turn did, or without its end. */
export type AskEnd = TurnEnd | 'left' | 'lost' | 'unreachable';

/** Presses of Ctrl-C while an answer is awaited: the first stops the answer, the second leaves. */
export type Interrupts = (onPress: () => void) => () => void;

/** Presses of Ctrl-C as the system reports them. */
export const systemInterrupts: Interrupts = (onPress) => {
  process.on('SIGINT', onPress);
  return () => process.off('SIGINT', onPress);
};

/** Send one message and show the answer to its end. Never rejects for what a gateway or network does. */
export async function ask(
  place: ChatPlace,
  message: string,
  view: TurnView,
  interrupts: Interrupts,
): Promise<AskEnd> {
  const leave = new AbortController();
  const stopping = new Stopping(place, view, leave);
  const release = interrupts(() => stopping.press());
  try {
    const input = { chat_id: place.chatId, bot_id: place.botId, message };
    for await (const event of place.client.stream(operations.streamMessage, input, leave.signal)) {
      stopping.waiting = event.type === 'queued';
      view.show(event);
    }
    const end = view.close();
    if (end === 'silent') view.tell(`What answers at ${place.url} is no mini-claude-bot gateway.`);
    return end;
  } catch (error) {
    view.close();
    if (leave.signal.aborted) return 'left';
    return explain(error, view);
  } finally {
    release();
  }
}

/** What Ctrl-C does while a message is under way. */
class Stopping {
  readonly #place: ChatPlace;
  readonly #view: TurnView;
  readonly #leave: AbortController;
  /** The message stands in the queue: what runs in the chat is somebody else's, and not to be stopped. */
  waiting = false;
  #pressed: 'never' | 'waiting' | 'running' = 'never';

  constructor(place: ChatPlace, view: TurnView, leave: AbortController) {
    this.#place = place;
    this.#view = view;
    this.#leave = leave;
  }

  press(): void {
    const now = this.waiting ? 'waiting' : 'running';
    this.#view.disturb();
    const again = this.#pressed === now;
    this.#pressed = now;
    if (again) {
      this.#leave.abort();
    } else if (this.waiting) {
      this.#view.tell('Your message waits, and will be answered. Ctrl-C again leaves it to that.');
    } else {
      this.#view.tell('Stopping the answer. Ctrl-C again leaves.');
      void this.#stop();
    }
  }

  async #stop(): Promise<void> {
    const { client, chatId, botId } = this.#place;
    const { signal } = this.#leave;
    try {
      await client.call(operations.resetSession, { chat_id: chatId, bot_id: botId }, signal);
    } catch (error) {
      if (!signal.aborted) this.#view.tell(`It could not be stopped: ${wordsOf(error)}`);
    }
  }
}

function explain(error: unknown, view: TurnView): AskEnd {
  if (error instanceof UnreachableError) return 'unreachable';
  if (error instanceof GatewayError) {
    view.tell(`Refused: ${error.message}`, '✗');
    return 'failed';
  }
  view.tell(`The answer goes on without us and will be in the history: ${wordsOf(error)}.`, '✗');
  return 'lost';
}

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
