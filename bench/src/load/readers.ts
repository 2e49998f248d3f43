import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@mini-claude-bot/client';
import { BotId, ChatId, operations, TurnId } from '@mini-claude-bot/contract';
import { open, textOf } from '../http-stream.ts';
import type { Habit, PlannedMessage } from './plan.ts';
import { eventsOf, type NumberedEvent, type Pace, Page } from './turn-stream.ts';

export const botId = BotId.parse('load');

/** Where a message is sent to. */
export interface ReaderParts {
  readonly url: string;
  readonly client: Client;
  /** Aborted when nobody will listen any more. */
  readonly over: AbortSignal;
}

/** Sends a message and gets its reply. Calls `onTaken` once it knows that the message was accepted. */
export type Reader = (
  message: PlannedMessage,
  parts: ReaderParts,
  onTaken: () => void,
) => Promise<string>;

/** What a slow reader takes: a long reply keeps it for a minute. */
const slowBytesPerMs = 50;
/** How long one that stops reading does so: longer than a turn takes. */
const stopMs = 5_000;
const lookAgainMs = 1_000;
/** How much one that comes back reads before it is cut off, each time twice as much, and how long it is away. */
const eventsAtFirst = 10;
const awayMs = 300;

const bodyOf = ({ chat, text }: PlannedMessage) => ({
  bot_id: botId,
  chat_id: ChatId.parse(chat),
  message: text,
  user_id: 'u1',
});

const send = (message: PlannedMessage, { url, over }: ReaderParts) =>
  open(`${url}/api/gateway/send-stream`, { body: bodyOf(message), signal: over });

/** Reads a stream to its end, at some pace. */
const streamed =
  (
    pace: Pace,
    onEvent: (event: NumberedEvent) => Promise<void> | undefined = () => undefined,
  ): Reader =>
  async (message, parts, onTaken) => {
    const page = new Page();
    for await (const event of eventsOf(await send(message, parts), pace)) {
      page.add(event);
      if (event.type === 'turn') onTaken();
      await onEvent(event);
    }
    return replyOn(page);
  };

/** Stops reading with the first text, and reads on when its turn is long over. */
const stops: Reader = (message, parts, onTaken) => {
  let stopped = false;
  const stopOnce = ({ type }: NumberedEvent): Promise<void> | undefined => {
    if (stopped || type !== 'text') return undefined;
    stopped = true;
    return sleep(stopMs);
  };
  return streamed(() => undefined, stopOnce)(message, parts, onTaken);
};

/** Sends a message, and closes the connection when it knows the turn. */
async function turnOf(message: PlannedMessage, parts: ReaderParts): Promise<TurnId> {
  for await (const { type, content } of eventsOf(await send(message, parts)))
    if (type === 'turn') return TurnId.parse(content);
  throw new Error('the stream ended before it named its turn');
}

/** Goes away as soon as the message is taken, and looks now and then whether there is an answer. */
const leaves: Reader = async (message, parts, onTaken) => {
  const turn_id = await turnOf(message, parts);
  onTaken();
  for (;;) {
    await sleep(lookAgainMs);
    const { finished_at, response } = await parts.client.call(
      operations.getTurn,
      { turn_id },
      parts.over,
    );
    if (finished_at !== null) return response ?? '';
  }
};

/** Loses the connection again and again, and comes back each time to where it was. */
const comesBack: Reader = async (message, parts, onTaken) => {
  const turn = await turnOf(message, parts);
  onTaken();
  const url = `${parts.url}/api/gateway/turns/${turn}/events`;
  const page = new Page();
  for (let limit = eventsAtFirst; !(await readOn(page, url, limit, parts.over)); limit *= 2)
    await sleep(awayMs);
  return replyOn(page);
};

/** Reads so many events from where the page ends. @returns whether that was all */
async function readOn(page: Page, url: string, limit: number, over: AbortSignal): Promise<boolean> {
  const { lastEventId } = page;
  const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
  let seen = 0;
  for await (const event of eventsOf(await open(url, { headers, signal: over }))) {
    page.add(event);
    seen += 1;
    if (seen === limit) return false;
  }
  return true;
}

/** Uses `/send`, which answers when all is there. */
const waits: Reader = async (message, { url, over }) => {
  const answer = await open(`${url}/api/gateway/send`, { body: bodyOf(message), signal: over });
  return operations.sendMessage.output.schema.parse(JSON.parse(await textOf(answer))).response;
};

function replyOn({ text, failure }: Page): string {
  if (failure !== undefined) throw new Error(`the turn failed: ${failure}`);
  return text;
}

export const readers: Readonly<Record<Habit, Reader>> = {
  'at once': streamed(() => undefined),
  slowly: streamed((bytes) => sleep(bytes / slowBytesPerMs)),
  stops,
  leaves,
  'comes back': comesBack,
  'waits for all of it': waits,
};
