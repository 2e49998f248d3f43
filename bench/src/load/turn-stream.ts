import type { IncomingMessage } from 'node:http';
import { readEvent, type StreamEvent } from '../stream-event.ts';

/** An event with the id by which a reader can come back to it, where it has one. */
export interface NumberedEvent extends StreamEvent {
  readonly id: string | undefined;
}

/** Waits as long as this reader takes for so many bytes. */
export type Pace = (bytes: number) => Promise<void> | undefined;

/**
 * The events of a stream. Nothing is taken from the connection while the caller or the pace holds it up;
 * leaving the loop closes it.
 */
export async function* eventsOf(
  response: IncomingMessage,
  pace: Pace = () => undefined,
): AsyncGenerator<NumberedEvent> {
  let rest = '';
  let id: string | undefined;
  for await (const chunk of response.setEncoding('utf8')) {
    const text = String(chunk);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('id: ')) id = line.slice(4);
      if (!line.startsWith('data: ')) continue;
      yield { ...readEvent(line.slice(6)), id };
      id = undefined;
    }
    await pace(text.length);
  }
}

/** What a reader of a turn has on the page. */
export class Page {
  /** The turn's id, once it was told: the message is taken. */
  turn: string | undefined;
  text = '';
  /** How the turn failed. */
  failure: string | undefined;
  lastEventId: string | undefined;

  /** @throws when the reply that the end repeats is not the one that was streamed */
  add({ type, content, id }: NumberedEvent): void {
    this.lastEventId = id ?? this.lastEventId;
    if (type === 'turn') this.turn = content;
    if (type === 'text') this.text += content;
    if (type === 'restart') this.text = '';
    if (type === 'error') this.failure = content;
    if (type === 'done' && content !== this.text)
      throw new Error(`the end says something else than the stream: ${content.slice(0, 100)}`);
  }
}
