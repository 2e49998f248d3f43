import { postForEvents, postJson } from '../http-stream.ts';
import { readEvent } from '../stream-event.ts';
import { prompt } from './bench-place.ts';
import type { Sample } from './contender.ts';

/** How a reply is asked for. */
export type Way = 'streamed' | 'blocking';

/** A chat of a gateway, over HTTP. */
export class GatewayChat {
  readonly #url: string;
  readonly id: string;

  constructor(url: string, id: string) {
    this.#url = url;
    this.id = id;
  }

  ask(way: Way): Promise<Sample> {
    return way === 'streamed' ? this.stream(prompt) : this.#send();
  }

  /**
   * Send a message and follow the reply.
   * @param onText called for each `text` event
   * @throws when the turn fails
   */
  async stream(
    message: string,
    onText: (text: string, at: number) => void = () => {},
  ): Promise<Sample> {
    const sentAt = performance.now();
    let firstMs: number | undefined;
    let last = '';
    const body = { chat_id: this.id, message };
    await postForEvents(`${this.#url}/api/gateway/send-stream`, body, ({ data, at }) => {
      const { type, content } = readEvent(data);
      last = content;
      if (type !== 'text') return;
      firstMs ??= at - sentAt;
      onText(content, at);
    });
    if (firstMs === undefined || last.startsWith('[')) throw new Error(`the turn failed: ${last}`);
    return { firstMs, wholeMs: performance.now() - sentAt };
  }

  /** Forget the chat: its process ends. */
  async stop(): Promise<void> {
    await postJson(`${this.#url}/api/gateway/stop`, { chat_id: this.id });
  }

  async #send(): Promise<Sample> {
    const sentAt = performance.now();
    const body = { chat_id: this.id, message: prompt };
    const answer = await postJson(`${this.#url}/api/gateway/send`, body);
    const wholeMs = performance.now() - sentAt;
    const reply = JSON.stringify(answer);
    if (reply.includes('"response":"[')) throw new Error(`the turn failed: ${reply}`);
    return { wholeMs };
  }
}
