import { randomUUID } from 'node:crypto';
import { type Query, query, type SDKUserMessage } from '@anthropic-ai/claude-agent-sdk/core';
import { ClaudeChild, PromptContext } from '@mini-claude-bot/claude';
// Not exported: nobody but a benchmark has a use for them beside the session that they belong to.
import { InputQueue } from '../../../packages/claude/src/input-queue.ts';
import { type ClaudeSettings, sessionOptions } from '../../../packages/claude/src/launch.ts';
import type { Sample } from './contender.ts';

/** A session on the SDK alone, with the options that the gateway uses: what can't be undercut. */
export class SdkSession {
  readonly #input = new InputQueue<SDKUserMessage>();
  readonly #child: ClaudeChild;
  readonly #query: Query;
  #closing: Promise<void> | undefined;

  constructor(settings: ClaudeSettings, directory: string) {
    const marker = `bench.${randomUUID()}`;
    this.#child = new ClaudeChild(marker);
    const place = { directory, conversation: { kind: 'new' } as const };
    // What the gateway can tell beside a message has its price, and that is the gateway's.
    const { hooks: _, ...options } = sessionOptions(
      settings,
      place,
      this.#child,
      marker,
      new PromptContext(),
    );
    this.#query = query({ prompt: this.#input, options });
  }

  /**
   * Send a message and follow the answer to its end.
   * @param onText called for each delta of text
   * @throws when the answer has no text
   */
  async turn(
    prompt: string,
    onText: (text: string, at: number) => void = () => {},
  ): Promise<Sample> {
    const sentAt = performance.now();
    let firstMs: number | undefined;
    this.#send(prompt);
    for (;;) {
      const { value: message, done } = await this.#query.next();
      if (done === true) throw new Error('Claude ended');
      if (message.type === 'stream_event' && message.event.type === 'content_block_delta') {
        const { delta } = message.event;
        if (delta.type !== 'text_delta') continue;
        const at = performance.now();
        firstMs ??= at - sentAt;
        onText(delta.text, at);
      }
      if (message.type !== 'result') continue;
      if (firstMs === undefined) throw new Error('Claude said nothing');
      return { firstMs, wholeMs: performance.now() - sentAt };
    }
  }

  /** End its process. Can be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#input.end();
    await this.#child.end();
    this.#query.close();
  }

  #send(prompt: string): void {
    this.#input.push({
      type: 'user',
      uuid: randomUUID(),
      parent_tool_use_id: null,
      message: { role: 'user', content: prompt },
    });
  }
}
