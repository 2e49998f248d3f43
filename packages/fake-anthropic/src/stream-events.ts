import { chunksOf } from './chunks.ts';
import type { IdSource } from './ids.ts';
import type { ContentItem, FoundPage, MessagePlan, StopReason } from './plan.ts';
import type { MessagesRequest } from './request.ts';
import { type Usage, usageOf } from './usage.ts';

/** A content block in its final form, with its id. */
export type Block =
  | { readonly type: 'thinking'; readonly thinking: string; readonly signature: string }
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: Record<string, unknown>;
    }
  | {
      readonly type: 'server_tool_use';
      readonly id: string;
      readonly name: 'web_search';
      readonly input: Record<string, unknown>;
    }
  | {
      readonly type: 'web_search_tool_result';
      readonly tool_use_id: string;
      readonly content: readonly WebSearchResult[];
    };

/** After https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/web-search-tool. */
type WebSearchResult = FoundPage & {
  readonly type: 'web_search_result';
  readonly encrypted_content: string;
  readonly page_age: null;
};

export type Delta =
  | { readonly type: 'thinking_delta'; readonly thinking: string }
  | { readonly type: 'signature_delta'; readonly signature: string }
  | { readonly type: 'text_delta'; readonly text: string }
  | { readonly type: 'input_json_delta'; readonly partial_json: string };

/** Events of a stream, after https://docs.anthropic.com/en/api/messages-streaming. */
export type StreamEvent =
  | { readonly type: 'message_start'; readonly message: Message }
  | { readonly type: 'ping' }
  | {
      readonly type: 'content_block_start';
      readonly index: number;
      readonly content_block: Block;
    }
  | { readonly type: 'content_block_delta'; readonly index: number; readonly delta: Delta }
  | { readonly type: 'content_block_stop'; readonly index: number }
  | {
      readonly type: 'message_delta';
      readonly delta: { readonly stop_reason: StopReason; readonly stop_sequence: null };
      readonly usage: Usage;
    }
  | { readonly type: 'message_stop' };

/** A message as the API sends it whole, or, with empty content, at the start of a stream. */
export type Message = {
  readonly id: string;
  readonly type: 'message';
  readonly role: 'assistant';
  readonly model: string;
  readonly content: readonly Block[];
  readonly stop_reason: StopReason | null;
  readonly stop_sequence: null;
  readonly usage: Usage;
};

/** What a stream consists of between `message_start` and its ending. */
export type StreamPart =
  | { readonly kind: 'event'; readonly event: StreamEvent }
  | { readonly kind: 'pause'; readonly ms: number };

const toolInputChunking = { by: 'characters', count: 24 } as const;

/** The stop reason of a plan that completes. */
export function stopReasonOf(plan: MessagePlan): StopReason {
  const named = plan.ending.kind === 'complete' ? plan.ending.stopReason : undefined;
  const callsTool = plan.content.some((item) => item.kind === 'tool_use');
  return named ?? (callsTool ? 'tool_use' : 'end_turn');
}

/** The message without content, as a stream starts with it. */
export function emptyMessage(request: MessagesRequest, ids: IdSource): Message {
  return {
    id: ids('msg'),
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: usageOf(request, 1),
  };
}

/** The content of a plan as blocks; pauses have none. */
export function blocksOf(content: readonly ContentItem[], ids: IdSource): Block[] {
  return content.flatMap((item) => blocksOfItem(item, ids));
}

function blocksOfItem(item: ContentItem, ids: IdSource): Block[] {
  switch (item.kind) {
    case 'pause':
      return [];
    case 'web_search':
      return searchBlocks(item.query, item.results, ids('srvtoolu'));
    default:
      return [blockOf(item, ids)];
  }
}

const searchBlocks = (query: string, results: readonly FoundPage[], id: string): Block[] => [
  { type: 'server_tool_use', id, name: 'web_search', input: { query } },
  {
    type: 'web_search_tool_result',
    tool_use_id: id,
    content: results.map(({ title, url }) => ({
      type: 'web_search_result',
      title,
      url,
      encrypted_content: Buffer.from(`fake content of ${url}`).toString('base64'),
      page_age: null,
    })),
  },
];

function blockOf(
  item: Exclude<ContentItem, { kind: 'pause' | 'web_search' }>,
  ids: IdSource,
): Block {
  switch (item.kind) {
    case 'thinking':
      return { type: 'thinking', thinking: item.text, signature: signatureOf(item.text) };
    case 'text':
      return { type: 'text', text: item.text };
    case 'tool_use':
      return { type: 'tool_use', id: ids('toolu'), name: item.name, input: item.input };
  }
}

/** Opaque to clients, who only send it back. */
function signatureOf(text: string): string {
  return Buffer.from(`fake signature of ${text.length} characters`).toString('base64');
}

/**
 * The content of a plan as events and pauses, in order. If the plan does not complete, its last block stays
 * open, as when a connection breaks in the middle of a sentence.
 */
export function* partsOf(plan: MessagePlan, ids: IdSource): Generator<StreamPart> {
  const last = plan.content.findLast((item) => item.kind !== 'pause');
  let index = 0;
  for (const item of plan.content) {
    if (item.kind === 'pause') {
      yield item;
      continue;
    }
    const blocks = blocksOfItem(item, ids);
    for (const block of blocks) {
      for (const event of blockEvents(block, index, plan)) yield { kind: 'event', event };
      const isLast = item === last && block === blocks.at(-1);
      if (!isLast || plan.ending.kind === 'complete')
        yield { kind: 'event', event: { type: 'content_block_stop', index } };
      index += 1;
    }
  }
}

function* blockEvents(block: Block, index: number, plan: MessagePlan): Generator<StreamEvent> {
  yield { type: 'content_block_start', index, content_block: emptied(block) };
  // The API pings once near the start; clients have to skip it.
  if (index === 0) yield { type: 'ping' };
  for (const delta of deltasOf(block, plan)) yield { type: 'content_block_delta', index, delta };
}

function emptied(block: Block): Block {
  switch (block.type) {
    case 'thinking':
      return { type: 'thinking', thinking: '', signature: '' };
    case 'text':
      return { type: 'text', text: '' };
    case 'tool_use':
    case 'server_tool_use':
      return { ...block, input: {} };
    case 'web_search_tool_result':
      // It comes whole.
      return block;
  }
}

function deltasOf(block: Block, plan: MessagePlan): Delta[] {
  switch (block.type) {
    case 'thinking':
      return [
        ...chunksOf(block.thinking, plan.chunking).map(
          (thinking): Delta => ({ type: 'thinking_delta', thinking }),
        ),
        { type: 'signature_delta', signature: block.signature },
      ];
    case 'text':
      return chunksOf(block.text, plan.chunking).map((text) => ({ type: 'text_delta', text }));
    case 'tool_use':
    case 'server_tool_use':
      return chunksOf(JSON.stringify(block.input), toolInputChunking).map((partial_json) => ({
        type: 'input_json_delta',
        partial_json,
      }));
    case 'web_search_tool_result':
      return [];
  }
}
