import type { ContentItem } from './plan.ts';
import type { MessagesRequest, RequestBlock } from './request.ts';

/** Usage in the API's form, see https://docs.anthropic.com/en/api/messages. */
export type Usage = {
  readonly input_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
  readonly cache_creation: {
    readonly ephemeral_5m_input_tokens: number;
    readonly ephemeral_1h_input_tokens: number;
  };
  readonly output_tokens: number;
  readonly service_tier: 'standard';
};

/** A rough count: four characters a token, a Han character a token. Not the API's tokenizer. */
export function estimateTokens(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return Math.ceil((text.length - han) / 4) + han;
}

/** Estimated tokens of everything in a request. */
export function countInput(request: MessagesRequest): number {
  return sum(partsOf(request));
}

/**
 * Estimated usage of a request. What stands before the last `cache_control` counts as cached: as read up to
 * the last assistant message, since the call that brought that message had sent it already, and as newly
 * written from there on.
 */
export function usageOf(request: MessagesRequest, outputTokens: number): Usage {
  const parts = partsOf(request);
  const cachedEnd = parts.findLastIndex((part) => part.cached) + 1;
  const seenEnd = Math.max(
    0,
    parts.findLastIndex((part) => part.assistant),
  );
  const readEnd = Math.min(seenEnd, cachedEnd);
  const created = sum(parts.slice(readEnd, cachedEnd));
  return {
    input_tokens: Math.max(1, sum(parts.slice(cachedEnd))),
    cache_creation_input_tokens: created,
    cache_read_input_tokens: sum(parts.slice(0, readEnd)),
    cache_creation: { ephemeral_5m_input_tokens: created, ephemeral_1h_input_tokens: 0 },
    output_tokens: outputTokens,
    service_tier: 'standard',
  };
}

/** Estimated tokens of a reply. */
export function countOutput(content: readonly ContentItem[]): number {
  return Math.max(
    1,
    content.reduce((total, item) => total + estimateTokens(textOf(item)), 0),
  );
}

function textOf(item: ContentItem): string {
  switch (item.kind) {
    case 'thinking':
    case 'text':
      return item.text;
    case 'tool_use':
      return item.name + JSON.stringify(item.input);
    case 'web_search':
      return item.query;
    case 'pause':
      return '';
  }
}

type Part = { readonly tokens: number; readonly cached: boolean; readonly assistant: boolean };

/** In the order of the cache's prefix: tools, system, messages. */
function partsOf(request: MessagesRequest): Part[] {
  const tools = request.tools.map((tool) => ({
    tokens: estimateTokens(JSON.stringify(tool)),
    cached: tool.cache_control !== undefined,
    assistant: false,
  }));
  const part = (block: RequestBlock, assistant: boolean) => ({
    tokens: estimateTokens(blockText(block)),
    cached: block.cached,
    assistant,
  });
  return [
    ...tools,
    ...request.system.map((block) => part(block, false)),
    ...request.messages.flatMap(({ role, blocks }) =>
      blocks.map((block) => part(block, role === 'assistant')),
    ),
  ];
}

function blockText(block: RequestBlock): string {
  switch (block.type) {
    case 'text':
    case 'tool_result':
      return block.text;
    case 'tool_use':
      return block.name + JSON.stringify(block.input ?? {});
    case 'other':
      return JSON.stringify(block.raw ?? '');
  }
}

function sum(parts: readonly Part[]): number {
  return parts.reduce((total, part) => total + part.tokens, 0);
}
