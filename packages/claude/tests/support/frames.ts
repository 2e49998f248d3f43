import { randomUUID } from 'node:crypto';
import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk/core';

type Frame<Type extends SDKMessage['type']> = Extract<SDKMessage, { type: Type }>;
type SystemFrame<Subtype> = Extract<SDKMessage, { type: 'system'; subtype: Subtype }>;
type StreamEvent = Frame<'stream_event'>['event'];
type AssistantMessage = Frame<'assistant'>['message'];
type ContentBlock = AssistantMessage['content'][number];

export const sessionId = '11111111-2222-4333-8444-555555555555';
const about = () => ({ uuid: randomUUID(), session_id: sessionId });

const noUsage: AssistantMessage['usage'] = {
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: null,
  server_tool_use: null,
  service_tier: null,
  inference_geo: null,
  iterations: null,
  speed: null,
  fallback_credit: null,
  output_tokens_details: null,
};

const message = (id: string, content: ContentBlock[], model: string): AssistantMessage => ({
  id,
  type: 'message',
  role: 'assistant',
  model,
  content,
  stop_reason: null,
  stop_sequence: null,
  usage: noUsage,
  container: null,
  context_management: null,
  diagnostics: null,
  stop_details: null,
});

export const textBlock = (text: string): ContentBlock => ({ type: 'text', text, citations: null });
export const thinkingBlock = (thinking: string): ContentBlock => ({
  type: 'thinking',
  thinking,
  signature: '',
});
export const toolBlock = (name: string, input: unknown): ContentBlock => ({
  type: 'tool_use',
  id: 'toolu_1',
  name,
  input,
});

const streamed = (event: StreamEvent, subagent: string | null): SDKMessage => ({
  type: 'stream_event',
  event,
  parent_tool_use_id: subagent,
  ...about(),
});

/** The API begins a message. */
export const messageStart = (id: string, subagent: string | null = null): SDKMessage =>
  streamed({ type: 'message_start', message: message(id, [], 'claude-test') }, subagent);

export const textDelta = (text: string, subagent: string | null = null): SDKMessage =>
  streamed(
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } },
    subagent,
  );

export const thinkingDelta = (thinking: string): SDKMessage =>
  streamed(
    {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'thinking_delta', thinking, estimated_tokens: null },
    },
    null,
  );

/** The CLI has a block, or more, of a message. */
export const assistant = (
  id: string,
  content: ContentBlock[],
  rest: Partial<
    Pick<Frame<'assistant'>, 'uuid' | 'error' | 'supersedes' | 'parent_tool_use_id'>
  > & {
    readonly model?: string;
  } = {},
): SDKMessage => {
  const { model = 'claude-test', ...fields } = rest;
  return {
    type: 'assistant',
    message: message(id, content, model),
    parent_tool_use_id: null,
    ...about(),
    ...fields,
  };
};

export const apiRetry = (attempt = 1): SDKMessage => ({
  type: 'system',
  subtype: 'api_retry',
  attempt,
  max_retries: 4,
  retry_delay_ms: 500,
  error_status: 529,
  error: 'overloaded',
  ...about(),
});

export const init = (model = 'claude-test'): SystemFrame<'init'> => ({
  type: 'system',
  subtype: 'init',
  apiKeySource: 'user',
  claude_code_version: '2.1.330',
  cwd: '/',
  tools: [],
  mcp_servers: [],
  model,
  permissionMode: 'default',
  slash_commands: [],
  output_style: 'default',
  skills: [],
  plugins: [],
  ...about(),
});

/** The end of a turn that went well. */
export const success = (): SDKMessage => ({
  type: 'result',
  subtype: 'success',
  is_error: false,
  result: '',
  duration_ms: 1,
  duration_api_ms: 1,
  num_turns: 1,
  stop_reason: 'end_turn',
  total_cost_usd: 0,
  usage: {
    input_tokens: 0,
    output_tokens: 0,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
    server_tool_use: { web_fetch_requests: 0, web_search_requests: 0 },
    output_tokens_details: { thinking_tokens: 0 },
    service_tier: 'standard',
    inference_geo: '',
    iterations: [],
    speed: 'standard',
    fallback_credit: null,
  },
  modelUsage: {},
  permission_denials: [],
  ...about(),
});
