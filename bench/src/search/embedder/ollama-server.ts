import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { dimensions } from './embedder.ts';

const embedRequest = z.object({
  model: z.string(),
  input: z.union([z.string(), z.array(z.string())]),
});

const showRequest = z.object({ model: z.string() });

/** What an embedding server did so far; `GET /work` tells it. */
export const ServerWork = z.object({
  requests: z.int(),
  texts: z.int(),
  /** Time that it spent on making vectors and the answer with them, in milliseconds. */
  busyMs: z.number(),
});
export type ServerWork = z.infer<typeof ServerWork>;

/** Makes a vector of length 1 of a text. */
export interface MakesVectors {
  embed(text: string): Float32Array;
}

/** An embedder behind Ollama's API on loopback, so that the gateway's own client for it is measured. */
export interface OllamaServer {
  readonly url: string;
  close(): Promise<void>;
}

/** What the server calls its one model: what the gateway asks for by itself. */
export const servedModel = 'nomic-embed-text';

/**
 * Ollama's `/api/embed`, `/api/tags`, `/api/show` and `/api/version`, as far as a client for embeddings asks.
 * Source: https://github.com/ollama/ollama/blob/main/docs/api.md
 * @param embedder what its one model is, or each of several by name
 */
export async function startOllamaServer(
  embedder: MakesVectors | ReadonlyMap<string, MakesVectors>,
  port = 0,
): Promise<OllamaServer> {
  const models: ReadonlyMap<string, MakesVectors> =
    embedder instanceof Map ? embedder : new Map([[servedModel, embedder]]);
  const modelOf = (name: string): MakesVectors | undefined =>
    models.get(name.replace(/:latest$/, ''));

  const work = { requests: 0, texts: 0, busyMs: 0 };

  const embed = (body: string): Answer => {
    const startedAt = performance.now();
    const { model, input } = embedRequest.parse(JSON.parse(body));
    const served = modelOf(model);
    if (served === undefined) return notFound(model);
    const inputs = typeof input === 'string' ? [input] : input;
    const embeddings = inputs.map((each) => rounded(served.embed(each)));
    const answer = ok({ model, embeddings });
    work.requests += 1;
    work.texts += inputs.length;
    work.busyMs += performance.now() - startedAt;
    return answer;
  };

  const show = (body: string): Answer => {
    const { model } = showRequest.parse(JSON.parse(body));
    return modelOf(model) !== undefined
      ? ok({ model_info: { 'nomic-bert.embedding_length': dimensions } })
      : notFound(model);
  };

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const body = await text(request);
    switch (`${request.method} ${request.url}`) {
      case 'POST /api/embed':
        return embed(body);
      case 'POST /api/show':
        return show(body);
      case 'GET /api/tags':
        return ok({
          models: [...models.keys()].map((name) => ({
            name: `${name}:latest`,
            model: `${name}:latest`,
          })),
        });
      case 'GET /api/version':
        return ok({ version: '0.0.0' });
      case 'GET /work':
        return ok(work);
      default:
        return failed(404, 'not found');
    }
  };

  const server = createServer((request, response) => {
    answer(request).then(
      (given) => send(response, given),
      (error: unknown) => send(response, failed(400, String(error))),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Answer {
  readonly status: number;
  readonly json: string;
}

const ok = (body: unknown): Answer => ({ status: 200, json: JSON.stringify(body) });

const failed = (status: number, error: string): Answer => ({
  status,
  json: JSON.stringify({ error }),
});

const notFound = (model: string): Answer =>
  failed(404, `model "${model}" not found, try pulling it first`);

/** With as many digits as Ollama sends. */
const rounded = (vector: Float32Array): number[] =>
  Array.from(vector, (value) => Math.round(value * 1e8) / 1e8);

function send(response: ServerResponse, { status, json }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(json);
}
