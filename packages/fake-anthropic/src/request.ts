import { isObject, objectsOf, stringOf } from './json.ts';

/** One block of a message, as far as a script may want to know it. */
export type RequestBlock =
  | { readonly type: 'text'; readonly text: string; readonly cached: boolean }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: unknown;
      readonly cached: boolean;
    }
  | {
      readonly type: 'tool_result';
      readonly toolUseId: string;
      /** The result's text blocks, joined by line breaks. */
      readonly text: string;
      readonly isError: boolean;
      readonly cached: boolean;
    }
  | { readonly type: 'other'; readonly raw: unknown; readonly cached: boolean };

export type RequestMessage = {
  readonly role: 'user' | 'assistant' | 'system';
  readonly blocks: readonly RequestBlock[];
};

/** A request to `/v1/messages` in the form scripts read. */
export type MessagesRequest = {
  readonly model: string;
  /** 0 where the endpoint (count_tokens) takes none. */
  readonly maxTokens: number;
  readonly stream: boolean;
  /** Whether the request allows thinking (`enabled` or `adaptive`). */
  readonly thinking: boolean;
  readonly system: readonly RequestBlock[];
  readonly messages: readonly RequestMessage[];
  readonly tools: readonly Record<string, unknown>[];
  /** The JSON schema a structured answer has to follow, or undefined. */
  readonly outputSchema: unknown;
};

export type ParsedRequest =
  | { readonly ok: true; readonly request: MessagesRequest }
  | { readonly ok: false; readonly problem: string };

/**
 * Check a body the way the API does and bring it into the form scripts read.
 * Problems have the API's wording, see https://docs.anthropic.com/en/api/messages and
 * https://docs.anthropic.com/en/api/errors.
 */
export function parseRequest(
  body: unknown,
  endpoint: 'messages' | 'count_tokens' = 'messages',
): ParsedRequest {
  if (!isObject(body)) return { ok: false, problem: 'body: Input should be a valid dictionary' };
  const problem = problemOf(body, endpoint);
  return problem === undefined ? { ok: true, request: read(body) } : { ok: false, problem };
}

function problemOf(body: Record<string, unknown>, endpoint: string): string | undefined {
  const required = ['model', ...(endpoint === 'messages' ? ['max_tokens'] : []), 'messages'];
  const missing = required.find((field) => body[field] === undefined);
  if (missing !== undefined) return `${missing}: Field required`;
  if (typeof body.model !== 'string') return 'model: Input should be a valid string';
  if (endpoint === 'messages' && !isPositiveInteger(body.max_tokens))
    return 'max_tokens: Input should be a positive integer';
  if (!Array.isArray(body.messages)) return 'messages: Input should be a valid list';
  if (body.messages.length === 0) return 'messages: at least one message is required';
  return problemOfMessages(body.messages);
}

function isPositiveInteger(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}

function problemOfMessages(messages: readonly unknown[]): string | undefined {
  for (const [index, message] of messages.entries()) {
    if (!isObject(message)) return `messages.${index}: Input should be a valid dictionary`;
    if (roleOf(message.role) === undefined)
      return `messages.${index}.role: Input should be 'user', 'assistant' or 'system'`;
    if (typeof message.content !== 'string' && !Array.isArray(message.content))
      return `messages.${index}.content: Field required`;
  }
  return undefined;
}

function read(body: Record<string, unknown>): MessagesRequest {
  const thinking = isObject(body.thinking) ? stringOf(body.thinking.type) : '';
  return {
    model: stringOf(body.model),
    maxTokens: typeof body.max_tokens === 'number' ? body.max_tokens : 0,
    stream: body.stream === true,
    thinking: thinking === 'enabled' || thinking === 'adaptive',
    system: readContent(body.system),
    messages: objectsOf(body.messages).map(readMessage),
    tools: objectsOf(body.tools),
    outputSchema: schemaOf(body),
  };
}

/** The field moved once: `output_format` in the first beta, `output_config.format` since. */
function schemaOf(body: Record<string, unknown>): unknown {
  const nested = isObject(body.output_config) ? body.output_config.format : undefined;
  const format = nested ?? body.output_format;
  return isObject(format) && format.type === 'json_schema' ? format.schema : undefined;
}

function roleOf(value: unknown): RequestMessage['role'] | undefined {
  return value === 'user' || value === 'assistant' || value === 'system' ? value : undefined;
}

function readMessage(message: Record<string, unknown>): RequestMessage {
  return { role: roleOf(message.role) ?? 'user', blocks: readContent(message.content) };
}

function readContent(content: unknown): RequestBlock[] {
  if (typeof content === 'string') return [{ type: 'text', text: content, cached: false }];
  return objectsOf(content).map(readBlock);
}

function readBlock(block: Record<string, unknown>): RequestBlock {
  const cached = isObject(block.cache_control);
  switch (block.type) {
    case 'text':
      return { type: 'text', text: stringOf(block.text), cached };
    case 'tool_use':
      return {
        type: 'tool_use',
        id: stringOf(block.id),
        name: stringOf(block.name),
        input: block.input,
        cached,
      };
    case 'tool_result':
      return {
        type: 'tool_result',
        toolUseId: stringOf(block.tool_use_id),
        text: resultText(block.content),
        isError: block.is_error === true,
        cached,
      };
    default:
      return { type: 'other', raw: block, cached };
  }
}

function resultText(content: unknown): string {
  if (typeof content === 'string') return content;
  const texts = objectsOf(content).filter((part) => part.type === 'text');
  return texts.map((part) => stringOf(part.text)).join('\n');
}
