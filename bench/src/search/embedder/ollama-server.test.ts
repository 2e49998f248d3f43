import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Embedder } from './embedder.ts';
import { type OllamaServer, startOllamaServer } from './ollama-server.ts';

let server: OllamaServer;
const embedder = new Embedder();

beforeAll(async () => {
  server = await startOllamaServer(embedder);
});

afterAll(() => server.close());

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${server.url}${path}`, { method: 'POST', body: JSON.stringify(body) });

const near = (vector: Float32Array): unknown =>
  Array.from(vector, (value) => expect.closeTo(value, 7));

describe('the server', () => {
  test('embeds a batch as Ollama answers it, and counts', async () => {
    const answer = await post('/api/embed', { model: 'nomic-embed-text', input: ['cat', '猫'] });
    expect(await answer.json()).toEqual({
      model: 'nomic-embed-text',
      embeddings: [near(embedder.embed('cat')), near(embedder.embed('猫'))],
    });
    const work = await fetch(`${server.url}/work`);
    expect(await work.json()).toMatchObject({ requests: 1, texts: 2 });
  });

  test('embeds one text', async () => {
    const answer = await post('/api/embed', { model: 'nomic-embed-text:latest', input: 'cat' });
    expect(await answer.json()).toMatchObject({ embeddings: [near(embedder.embed('cat'))] });
  });

  test('names a model that it does not have', async () => {
    const answer = await post('/api/embed', { model: 'other', input: 'cat' });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({
      error: 'model "other" not found, try pulling it first',
    });
  });

  test('refuses what is no request', async () => {
    expect((await post('/api/embed', { input: 7 })).status).toBe(400);
    expect((await post('/api/other', {})).status).toBe(404);
  });
});
