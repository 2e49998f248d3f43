import type { IncomingMessage, ServerResponse } from 'node:http';
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { isInitializeRequest } from '@modelcontextprotocol/sdk/types.js';
import type { After } from './time.ts';

/** Who sends a request. */
export interface HttpPeer {
  /** The same for all requests of one caller, and of no other. */
  readonly name: string;
}

interface Session {
  readonly peer: string;
  readonly transport: StreamableHTTPServerTransport;
  readonly mcp: McpServer;
  /** Requests that are being answered. */
  busy: number;
  lastUsedMs: number;
}

export interface McpSessionsParts<P extends HttpPeer> {
  readonly createServer: (peer: P) => McpServer;
  readonly newId: () => string;
  readonly now: () => number;
  readonly after: After;
  /** Sessions at the same time; over that, the one idle longest ends. */
  readonly most: number;
  /** A session that nobody uses for so many milliseconds ends. */
  readonly idleMs: number;
}

/** How often idle sessions are looked for, in milliseconds. */
const lookEveryMs = 60_000;

/**
 * MCP over HTTP (https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http): a
 * session for each client, which belongs to the caller that began it. To anybody else it is unknown.
 */
export class McpSessions<P extends HttpPeer = HttpPeer> {
  readonly #parts: McpSessionsParts<P>;
  readonly #sessions = new Map<string, Session>();
  #stopLooking: () => void = () => {};

  constructor(parts: McpSessionsParts<P>) {
    this.#parts = parts;
    this.#lookLater();
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Answer a request. @param body parsed JSON; undefined without one */
  async handle(
    peer: P,
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ): Promise<void> {
    const id = request.headers['mcp-session-id'];
    const session = typeof id === 'string' ? this.#sessions.get(id) : undefined;
    if (session !== undefined && session.peer === peer.name)
      return this.#serve(session, request, response, body);
    if (id !== undefined) return refuse(response, 404, -32001, 'Session not found');
    if (!beginsSession(body))
      return refuse(response, 400, -32000, 'Bad Request: Mcp-Session-Id header is required');
    await this.#serve(await this.#begin(peer), request, response, body);
  }

  async close(): Promise<void> {
    this.#stopLooking();
    const all = [...this.#sessions.values()];
    this.#sessions.clear();
    await Promise.all(all.map(({ mcp }) => mcp.close()));
  }

  async #begin(peer: P): Promise<Session> {
    const { createServer, newId, now } = this.#parts;
    const mcp = createServer(peer);
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: newId,
      onsessioninitialized: (id) => {
        this.#sessions.set(id, session);
        this.#endSurplus();
      },
      onsessionclosed: (id) => void this.#sessions.delete(id),
    });
    const session: Session = { peer: peer.name, transport, mcp, busy: 0, lastUsedMs: now() };
    // The SDK's own type says less than its transport does.
    await mcp.connect(transport as Transport);
    return session;
  }

  async #serve(
    session: Session,
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
  ): Promise<void> {
    session.busy += 1;
    response.once('close', () => {
      session.busy -= 1;
      session.lastUsedMs = this.#parts.now();
    });
    await session.transport.handleRequest(request, response, body);
  }

  #lookLater(): void {
    this.#stopLooking = this.#parts.after(lookEveryMs, () => {
      const before = this.#parts.now() - this.#parts.idleMs;
      for (const [id, { busy, lastUsedMs }] of this.#sessions)
        if (busy === 0 && lastUsedMs <= before) this.#end(id);
      this.#lookLater();
    });
  }

  #endSurplus(): void {
    const idle = [...this.#sessions]
      .filter(([, { busy }]) => busy === 0)
      .toSorted(([, a], [, b]) => a.lastUsedMs - b.lastUsedMs);
    const surplus = Math.max(0, this.#sessions.size - this.#parts.most);
    for (const [id] of idle.slice(0, surplus)) this.#end(id);
  }

  #end(id: string): void {
    const session = this.#sessions.get(id);
    this.#sessions.delete(id);
    void session?.mcp.close().catch(() => {});
  }
}

const beginsSession = (body: unknown): boolean =>
  (Array.isArray(body) ? body : [body]).some(isInitializeRequest);

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }));
}
