import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { dimensions, type Embedder } from './embedder.ts';

const embedRequest = z.object({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string())]),
});

const showRequest = z.object({ model: z.string() });

/** What an embedding server did so far. */
export interface ServerWork {
  readonly requests: number;
  readonly texts: number;
  /** Time that it spent on making vectors, without HTTP. */
  readonly busyMs: number;
}

/** The benchmark's embedder behind Ollama's API on loopback, so that the gateway's own client for it is measured. */
export interface OllamaServer {
  readonly url: string;
  readonly model: string;
  /** From now on each request fails, as with a server that is down; false: it works again. */
  setDown(down: boolean): void;
  work(): ServerWork;
  close(): Promise<void>;
}

/**
 * Ollama's `/api/embed`, `/api/tags`, `/api/show` and `/api/version`, as far as a client for embeddings asks.
 * Source: https://github.com/ollama/ollama/blob/main/docs/api.md
 */
export async function startOllamaServer(
  embedder: Embedder,
  model = 'nomic-embed-text',
): Promise<OllamaServer> {
  const work = { requests: 0, texts: 0, busyMs: 0 };
  let down = false;

  const embed = (body: string): Answer => {
    const { model: asked, input } = embedRequest.parse(JSON.parse(body));
    if (!isModel(asked, model)) return notFound(asked);
    const inputs = typeof input === 'string' ? [input] : input;
    const startedAt = performance.now();
    const embeddings = inputs.map((each) => [...embedder.embed(each)]);
    const busyMs = performance.now() - startedAt;
    work.requests += 1;
    work.texts += inputs.length;
    work.busyMs += busyMs;
    return { status: 200, body: { model: asked, embeddings, total_duration: busyMs * 1e6 } };
  };

  const show = (body: string): Answer => {
    const { model: asked } = showRequest.parse(JSON.parse(body));
    if (!isModel(asked, model)) return notFound(asked);
    return { status: 200, body: { model_info: { 'nomic-bert.embedding_length': dimensions } } };
  };

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const body = await text(request);
    switch (`${request.method} ${request.url}`) {
      case 'POST /api/embed':
        return embed(body);
      case 'POST /api/show':
        return show(body);
      case 'GET /api/tags':
        return { status: 200, body: { models: [{ name: `${model}:latest`, model }] } };
      case 'GET /api/version':
        return { status: 200, body: { version: '0.0.0' } };
      default:
        return { status: 404, body: { error: 'not found' } };
    }
  };

  const server = createServer((request, response) => {
    if (down) return void response.destroy();
    answer(request).then(
      (given) => send(response, given),
      (error: unknown) => send(response, { status: 400, body: { error: String(error) } }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    model,
    setDown: (value) => {
      down = value;
    },
    work: () => ({ ...work }),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const isModel = (asked: string, model: string): boolean => asked.replace(/:latest$/, '') === model;

const notFound = (asked: string): Answer => ({
  status: 404,
  body: { error: `model "${asked}" not found, try pulling it first` },
});

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
