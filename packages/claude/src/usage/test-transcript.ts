/** What a line of a request may say. */
export interface RequestFields {
  readonly id?: string;
  readonly sessionId?: string;
  readonly timestamp?: string;
  readonly model?: string;
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly cacheWrite1h?: number;
}

/** A line with one block of an answer, as Claude Code 2.1.330 writes it, with its newline. */
export const requestLine = (fields: RequestFields = {}): string =>
  `${JSON.stringify({
    parentUuid: '74c46f3e-74ec-44ce-a6c8-704c69be3816',
    isSidechain: false,
    message: {
      id: fields.id ?? 'msg_1',
      type: 'message',
      role: 'assistant',
      model: fields.model ?? 'claude-opus-5-5',
      content: [{ type: 'text', text: 'done' }],
      stop_reason: 'end_turn',
      usage: {
        input_tokens: fields.input ?? 1,
        cache_creation_input_tokens: fields.cacheWrite ?? 0,
        cache_read_input_tokens: fields.cacheRead ?? 0,
        output_tokens: fields.output ?? 1,
        server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
        service_tier: 'standard',
        cache_creation: {
          ephemeral_1h_input_tokens: fields.cacheWrite1h ?? 0,
          ephemeral_5m_input_tokens: (fields.cacheWrite ?? 0) - (fields.cacheWrite1h ?? 0),
        },
      },
    },
    requestId: 'req_1',
    type: 'assistant',
    uuid: '6852c9e8-6d92-440e-a9ba-6f100343d017',
    timestamp: fields.timestamp ?? '2026-11-27T17:29:40.606Z',
    sessionId: fields.sessionId ?? 'session-1',
    version: '2.1.330',
  })}\n`;

/** A line with something that was said to Claude. */
export const promptLine = (uuid: string, more: object = {}): string =>
  `${JSON.stringify({
    parentUuid: null,
    isSidechain: false,
    type: 'user',
    message: { role: 'user', content: 'Hello' },
    uuid,
    timestamp: '2026-11-27T17:29:38.477Z',
    sessionId: 'session-1',
    ...more,
  })}\n`;
