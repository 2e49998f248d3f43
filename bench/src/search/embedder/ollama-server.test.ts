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

describe('the server', () => {
  test('embeds a batch as Ollama answers it', async () => {
    const before = server.work().texts;
    const answer = await post('/api/embed', { model: server.model, input: ['cat', '猫'] });
    expect(await answer.json()).toMatchObject({
      model: 'nomic-embed-text',
      embeddings: [[...embedder.embed('cat')], [...embedder.embed('猫')]],
    });
    expect(server.work().texts - before).toBe(2);
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

  test('breaks each connection while it is down', async () => {
    server.setDown(true);
    await expect(post('/api/embed', { model: server.model, input: 'cat' })).rejects.toThrow();
    server.setDown(false);
    expect((await post('/api/embed', { model: server.model, input: 'cat' })).status).toBe(200);
  });
});
