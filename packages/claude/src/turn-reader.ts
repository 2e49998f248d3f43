import type { SDKAssistantMessage, SDKMessage } from '@anthropic-ai/claude-agent-sdk/core';
import type { ErrorEvidence } from './classify-failure.ts';
import type { ClaudeEvent, TokenUsage } from './events.ts';
import { toolInputInShort } from './tool-input.ts';

/** Between two blocks of text of one reply, such as before and after a tool was used. */
const blockSeparator = '\n\n';

interface Segment {
  readonly uuid: string;
  readonly text: string;
}

type ResultMessage = Extract<SDKMessage, { type: 'result' }>;
type StreamMessage = Extract<SDKMessage, { type: 'stream_event' }>;

/**
 * Reads the frames of one turn and says what a reader should see. Streamed text counts only once its
 * `assistant` frame has confirmed it: the CLI takes a part back when it retries in mid-stream, and
 * then sends that part anew, streamed or whole.
 */
export class TurnReader {
  readonly #emit: (event: ClaudeEvent) => void;
  #confirmed: Segment[] = [];
  /** Text of the block being streamed, not confirmed yet. */
  #pending = '';
  /** Something unconfirmed was shown, text or thinking. */
  #shown = false;
  /** Id of the message being streamed, or streamed last. */
  #streamed: string | undefined;
  #sessionId: string | undefined;
  #model = '';
  #error: Pick<ErrorEvidence, 'kind' | 'text'> | undefined;
  #status: number | null | undefined;
  #rateLimit: ErrorEvidence['rateLimit'];
  #written = 0;

  constructor(emit: (event: ClaudeEvent) => void) {
    this.#emit = emit;
  }

  /** All that Claude has said so far, unconfirmed text included. */
  get text(): string {
    return [...this.#confirmed.map((segment) => segment.text), this.#pending]
      .filter((text) => text !== '')
      .join(blockSeparator);
  }

  /** Characters of text that came, those that were taken back too. */
  get written(): number {
    return this.#written;
  }

  /** What is known in case the turn ended in an error. */
  evidence(result?: ResultMessage): ErrorEvidence {
    const words = result === undefined ? '' : resultText(result);
    return {
      kind: this.#error?.kind,
      status: (result?.subtype === 'success' ? result.api_error_status : undefined) ?? this.#status,
      text: this.#error?.text ?? words,
      rateLimit: this.#rateLimit,
      budgetSpent: result?.subtype === 'error_max_budget_usd',
    };
  }

  read(message: SDKMessage): void {
    switch (message.type) {
      case 'stream_event':
        // What a subagent writes is its own: the reply is the main thread's.
        if (message.parent_tool_use_id === null) this.#readStream(message.event);
        break;
      case 'assistant':
        if (message.parent_tool_use_id === null) this.#readAssistant(message);
        break;
      case 'rate_limit_event':
        this.#rateLimit = message.rate_limit_info;
        break;
      case 'system':
        this.#readSystem(message);
        break;
      case 'result':
        // What was never confirmed is no part of a finished reply. Of one that broke off, it is.
        if (!message.is_error) this.#takeBack('A part of the answer was taken back.');
        this.#noteSession(message.session_id);
        break;
      default:
        break;
    }
  }

  #noteSession(sessionId: string): void {
    if (sessionId === '' || sessionId === this.#sessionId) return;
    this.#sessionId = sessionId;
    this.#emit({ type: 'session', sessionId, model: this.#model });
  }

  #readSystem(message: Extract<SDKMessage, { type: 'system' }>): void {
    if (message.subtype === 'init') {
      this.#model = message.model;
      this.#noteSession(message.session_id);
    }
    if (message.subtype === 'api_retry') {
      this.#status = message.error_status;
      this.#takeBack('The answer broke off and is asked for again.');
      this.#emit({
        type: 'notice',
        text: `No answer from the model yet (${message.error}); try ${message.attempt} of ${message.max_retries}.`,
      });
    }
  }

  #readStream(event: StreamMessage['event']): void {
    if (event.type === 'message_start') {
      this.#streamed = event.message.id;
      this.#takeBack('The answer broke off and begins again.');
    }
    if (event.type !== 'content_block_delta') return;
    if (event.delta.type === 'text_delta') this.#showText(event.delta.text);
    if (event.delta.type === 'thinking_delta' && event.delta.thinking !== '') {
      this.#shown = true;
      this.#emit({ type: 'thinking', text: event.delta.thinking });
    }
  }

  #readAssistant(message: SDKAssistantMessage): void {
    this.#removeSuperseded(message.supersedes ?? []);
    if (message.error !== undefined) {
      this.#takeBack('The answer broke off.');
      this.#error = { kind: message.error, text: textOf(message) };
      return;
    }
    // The CLI speaks for itself here ("No response requested."), not Claude.
    if (message.message.model === '<synthetic>') return;
    this.#error = undefined;
    if (message.message.id !== this.#streamed) this.#startAnew(message);
    for (const block of message.message.content) {
      if (block.type === 'text') this.#confirmText(message.uuid, block.text);
      if (block.type === 'thinking') this.#shown = this.#pending !== '';
      if (block.type === 'tool_use' || block.type === 'server_tool_use') {
        this.#emit({ type: 'tool', name: block.name, input: toolInputInShort(block.input) });
      }
    }
  }

  /** A message that was not streamed stands in for one that broke off; it may say just the same. */
  #startAnew(message: SDKAssistantMessage): void {
    this.#streamed = message.message.id;
    const same = message.message.content.some(
      (block) => block.type === 'text' && block.text === this.#pending,
    );
    if (!same) this.#takeBack('The answer was sent anew.');
  }

  #confirmText(uuid: string, text: string): void {
    if (text !== this.#pending) {
      this.#takeBack('The answer was sent anew.');
      this.#showText(text);
    }
    this.#pending = '';
    this.#shown = false;
    if (text !== '') this.#confirmed = [...this.#confirmed, { uuid, text }];
  }

  #showText(text: string): void {
    if (text === '') return;
    const separator = this.#pending === '' && this.#confirmed.length > 0 ? blockSeparator : '';
    this.#pending += text;
    this.#written += text.length;
    this.#shown = true;
    this.#emit({ type: 'text', text: separator + text });
  }

  #removeSuperseded(uuids: readonly string[]): void {
    const kept = this.#confirmed.filter((segment) => !uuids.includes(segment.uuid));
    if (kept.length === this.#confirmed.length) return;
    this.#confirmed = kept;
    this.#shown = true;
    this.#takeBack('A part of the answer was replaced.');
  }

  #takeBack(reason: string): void {
    if (!this.#shown) return;
    this.#pending = '';
    this.#shown = false;
    this.#emit({ type: 'restart', reason, kept: this.text });
  }
}

const textOf = (message: SDKAssistantMessage): string =>
  message.message.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');

const resultText = (result: ResultMessage): string =>
  result.subtype === 'success' ? result.result : result.errors.join('\n');

/** Tokens of a result's main loop. */
export const usageOf = ({ usage }: ResultMessage): TokenUsage => ({
  inputTokens: usage.input_tokens,
  outputTokens: usage.output_tokens,
  cacheReadTokens: usage.cache_read_input_tokens,
  cacheCreationTokens: usage.cache_creation_input_tokens,
});
