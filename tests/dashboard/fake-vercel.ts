import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';

/**
 * Vercel's REST API for one Edge Config, and the Edge Config itself, as their documentation has them: items are
 * written and read by the API with an account's token, and read from the Edge Config with one of its own.
 */
export interface FakeVercel {
  /** For VERCEL_API_URL. */
  readonly apiUrl: string;
  /** For EDGE_CONFIG. */
  readonly connection: string;
  readonly items: Map<string, unknown>;
  /** What was asked that the documentation does not have. */
  readonly faults: readonly string[];
  /** Requests so far, as `METHOD path`. */
  readonly requests: readonly string[];
  /** Answer the next writes with this status; undefined: take them. */
  refuse: { readonly status: number; readonly retryAfter?: string } | undefined;
  readonly close: () => Promise<void>;
}

export const apiToken = 'token-of-the-account';
const readToken = 'token-of-the-edge-config';
const id = 'ecfg_abcdefgh12345678';
export const teamId = 'team_12345';

/** As the reference of "Update Edge Config items in batch" has it. */
const Patch = z.strictObject({
  items: z.array(
    z.strictObject({
      operation: z.enum(['create', 'update', 'upsert', 'delete']),
      key: z
        .string()
        .max(256)
        .regex(/^[\w-]+$/),
      value: z.unknown(),
    }),
  ),
});

/** @param maxBytes that the store may have; more is refused, as Vercel does */
export async function startFakeVercel(maxBytes: number): Promise<FakeVercel> {
  const items = new Map<string, unknown>();
  const faults: string[] = [];
  const requests: string[] = [];
  const fault = (response: ServerResponse, status: number, words: string): void => {
    faults.push(words);
    answer(response, status, { error: { code: 'bad_request', message: words } });
  };
  const api = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    if (request.headers.authorization !== `Bearer ${apiToken}`) {
      return answer(response, 403, { error: { code: 'forbidden', message: 'Not authorized' } });
    }
    if (url.searchParams.get('teamId') !== teamId) return fault(response, 404, 'no such team');
    const path = url.pathname.replace(`/v1/edge-config/${id}`, '');
    if (request.method === 'GET' && path.startsWith('/item/')) {
      const key = path.slice('/item/'.length);
      if (!items.has(key)) return answer(response, 404, { error: { code: 'not_found' } });
      const row = { key, value: items.get(key), edgeConfigId: id, createdAt: 1, updatedAt: 1 };
      return answer(response, 200, row);
    }
    if (request.method !== 'PATCH' || path !== '/items')
      return fault(response, 404, 'no such path');
    if (fake.refuse !== undefined) {
      const { status, retryAfter } = fake.refuse;
      if (retryAfter !== undefined) response.setHeader('retry-after', retryAfter);
      return answer(response, status, { error: { code: 'refused', message: 'refused' } });
    }
    if (request.headers['content-type'] !== 'application/json') return fault(response, 400, 'type');
    const parsed = Patch.safeParse(JSON.parse(await bodyOf(request)));
    if (!parsed.success) return fault(response, 400, parsed.error.message);
    const after = new Map(items);
    for (const { key, value } of parsed.data.items) after.set(key, value);
    const size = JSON.stringify(Object.fromEntries(after)).length;
    if (size > maxBytes) return fault(response, 400, `${size} bytes are too many`);
    for (const [key, value] of after) items.set(key, value);
    return answer(response, 200, { status: 'ok' });
  };
  const edge = (request: IncomingMessage, response: ServerResponse, url: URL) => {
    if (request.headers.authorization !== `Bearer ${readToken}`) return answer(response, 401, {});
    const key = url.pathname.replace(`/${id}/item/`, '');
    if (request.method !== 'GET' || url.searchParams.get('version') !== '1') {
      return fault(response, 400, 'the Edge Config is only read');
    }
    if (!items.has(key)) {
      response.setHeader('x-edge-config-digest', 'digest');
      return answer(response, 404, { error: { code: 'edge_config_item_not_found' } });
    }
    return answer(response, 200, items.get(key));
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://vercel');
    requests.push(`${request.method} ${url.pathname}`);
    if (url.pathname.startsWith('/v1/')) void api(request, response, url);
    else edge(request, response, url);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it has no port');
  const root = `http://127.0.0.1:${address.port}`;
  const fake: FakeVercel = {
    apiUrl: root,
    connection: `${root}/${id}?token=${readToken}`,
    items,
    faults,
    requests,
    refuse: undefined,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('utf8');
}
