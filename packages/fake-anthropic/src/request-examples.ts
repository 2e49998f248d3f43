import { systemClock } from './clock.ts';
import { readConversation } from './conversation.ts';
import { parseRequest } from './request.ts';
import type { ScriptCall } from './script.ts';

// Requests for tests, of the shapes the CLI sends.

export type ExampleMessage = {
  role: string;
  content: string | Record<string, unknown>[];
};

export const user = (...content: (string | Record<string, unknown>)[]): ExampleMessage => ({
  role: 'user',
  content: content.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)),
});

export const assistant = (text: string): ExampleMessage => ({
  role: 'assistant',
  content: [{ type: 'text', text }],
});

export const system = (text: string): ExampleMessage => ({ role: 'system', content: text });

export const toolResult = (content: string): Record<string, unknown> => ({
  type: 'tool_result',
  tool_use_id: 'toolu_1',
  content,
});

export const body = (messages: ExampleMessage[], more: Record<string, unknown> = {}) => ({
  model: 'claude-opus-5-5',
  max_tokens: 1000,
  messages,
  ...more,
});

/** @throws Error if the API would refuse the request */
export function callOf(
  messages: ExampleMessage[],
  more: Record<string, unknown> = {},
  sessionId = 'session-1',
): ScriptCall {
  const parsed = parseRequest(body(messages, more));
  if (!parsed.ok) throw new Error(parsed.problem);
  const conversation = readConversation(parsed.request);
  return { request: parsed.request, conversation, headers: {}, sessionId, clock: systemClock };
}
