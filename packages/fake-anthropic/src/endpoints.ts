import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorBody } from './api-error.ts';
import type { Clock, Instant } from './clock.ts';
import { readConversation } from './conversation.ts';
import type { IdSource } from './ids.ts';
import type { Entry, Journal } from './journal.ts';
import { parseJson } from './json.ts';
import { models } from './models.ts';
import { perform, sendJson } from './perform.ts';
import type { ReplyPlan } from './plan.ts';
import { refuse } from './plan.ts';
import { type MessagesRequest, parseRequest } from './request.ts';
import type { Script } from './script.ts';
import { countInput } from './usage.ts';

/** The API's own limit for a request, see https://docs.anthropic.com/en/api/errors. */
const bodyLimitBytes = 32 * 1024 * 1024;

export type EndpointsOptions = {
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly journal: Journal;
  readonly script: Script;
};

type Call = {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly receivedAt: Instant;
  readonly requestId: string;
  readonly response: ServerResponse;
  readonly signal: AbortSignal;
};

type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'broken'; readonly text: string }
  | { readonly kind: 'too large' };

/** The API's endpoints. */
export class Endpoints {
  readonly #options: EndpointsOptions;

  constructor(options: EndpointsOptions) {
    this.#options = options;
  }

  /** Answer one HTTP request. Never rejects: a client that leaves early is recorded as gone. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const receivedAt = this.#options.clock.now();
    const requestId = this.#options.ids('req');
    response.setHeader('request-id', requestId);
    response.on('error', () => {});
    const body = await readBody(request);
    if (body === undefined) return;
    await this.#route({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: headersOf(request),
      body,
      receivedAt,
      requestId,
      response,
      signal,
    });
  }

  async #route(call: Call): Promise<void> {
    const path = call.url.split('?', 1)[0] ?? '/';
    const route = `${call.method} ${path}`;
    if (path === '/' && call.method === 'HEAD') return this.#answer(call, 200, undefined);
    const refusal = known.has(route) ? unauthorized(call) : refuse(404);
    if (refusal !== undefined) return this.#refuse(call, refusal.status, refusal.message);
    if (route === 'GET /v1/models') return this.#answer(call, 200, models);
    const parsed = this.#parse(call, path);
    if (parsed === undefined) return;
    if (path === '/v1/messages') return await this.#messages(call, parsed);
    this.#answer(call, 200, { input_tokens: countInput(parsed) });
  }

  /** Read the body or refuse it. */
  #parse(call: Call, path: string): MessagesRequest | undefined {
    if (call.body.kind === 'too large') {
      this.#refuse(call, 413);
      return undefined;
    }
    if (call.body.kind !== 'json') {
      this.#refuse(call, 400, 'The request body is not valid JSON');
      return undefined;
    }
    const endpoint = path === '/v1/messages' ? 'messages' : 'count_tokens';
    const parsed = parseRequest(call.body.value, endpoint);
    if (parsed.ok) return parsed.request;
    this.#refuse(call, 400, parsed.problem);
    return undefined;
  }

  async #messages(call: Call, request: MessagesRequest): Promise<void> {
    const { requestId, response, signal } = call;
    const { clock, ids } = this.#options;
    const entry = this.#record(call, request);
    const status = () => (response.headersSent ? response.statusCode : undefined);
    try {
      const plan = await this.#plan(call, request);
      signal.throwIfAborted();
      const state = await perform(plan, {
        request,
        requestId,
        response,
        signal,
        clock,
        ids,
        onDelta: (delta) => entry.delta(delta),
        onHang: () => entry.move('hanging', status()),
      });
      entry.move(state, status());
    } catch (error) {
      if (signal.aborted) return entry.move('gone', status());
      // A plan that cannot be carried out, such as a header with a line break, is a mistake of the script.
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, errorBody(500, requestId, { message: `No reply: ${error}` }));
      entry.move('answered', status());
    }
  }

  async #plan(call: Call, request: MessagesRequest): Promise<ReplyPlan> {
    const { headers } = call;
    const sessionId = headers[sessionHeader];
    const conversation = readConversation(request);
    const { clock, script } = this.#options;
    try {
      return await script({ request, conversation, headers, sessionId, clock });
    } catch (error) {
      return refuse(500, { message: `The script failed: ${String(error)}` });
    }
  }

  #refuse(call: Call, status: number, message?: string): void {
    this.#answer(call, status, errorBody(status, call.requestId, { message }));
  }

  #answer(call: Call, status: number, body: unknown): void {
    const entry = this.#record(call);
    if (body === undefined) call.response.writeHead(status).end();
    else sendJson(call.response, status, body);
    entry.move('answered', status);
  }

  #record(call: Call, request?: MessagesRequest): Entry {
    const { method, url, body, receivedAt } = call;
    return this.#options.journal.add({
      method,
      url,
      headers: withoutCredentials(call.headers),
      sessionId: call.headers[sessionHeader],
      body: body.kind === 'json' ? body.value : body.kind === 'broken' ? body.text : undefined,
      conversation: request && readConversation(request),
      receivedAt,
    });
  }
}

const sessionHeader = 'x-claude-code-session-id';
const known = new Set(['POST /v1/messages', 'POST /v1/messages/count_tokens', 'GET /v1/models']);

function unauthorized({ headers }: Call): { status: number; message?: string } | undefined {
  if (!headers['x-api-key'] && !headers.authorization)
    return { status: 401, message: 'x-api-key header is required' };
  if (!headers['anthropic-version'])
    return { status: 400, message: 'anthropic-version: header is required' };
  return undefined;
}

/** Undefined if the client left before the end. */
async function readBody(request: IncomingMessage): Promise<Body | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      // Read on, so that the client gets to see the refusal, but keep nothing more.
      if (size <= bodyLimitBytes) chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  if (size > bodyLimitBytes) return { kind: 'too large' };
  if (size === 0) return { kind: 'none' };
  const text = Buffer.concat(chunks).toString('utf8');
  const json = parseJson(text);
  return json.ok ? { kind: 'json', value: json.value } : { kind: 'broken', text };
}

function headersOf(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
}

/** What remains says which kind of sign-in was used, which is all a test should ask. */
function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  const shown = { ...headers };
  if (shown['x-api-key']) shown['x-api-key'] = '(api key)';
  if (shown.authorization) shown.authorization = '(bearer token)';
  return shown;
}
