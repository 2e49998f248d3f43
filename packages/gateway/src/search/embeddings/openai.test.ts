import { expect, test } from 'vitest';
import { EmbeddingError } from './embedding-provider.ts';
import { openai } from './openai.ts';
import { startEmbeddingServer } from './test-embedding-server.ts';

const { signal } = new AbortController();
const answer = {
  object: 'list',
  data: [
    { object: 'embedding', index: 1, embedding: [0, 1] },
    { object: 'embedding', index: 0, embedding: [1, 0] },
  ],
};

async function faultOf(call: Promise<unknown>): Promise<EmbeddingError> {
  const error: unknown = await call.then(
    () => 'it succeeded',
    (fault: unknown) => fault,
  );
  if (error instanceof EmbeddingError) return error;
  throw error;
}

test('asks for a vector for each text, and puts them in order', async () => {
  const server = await startEmbeddingServer(200, answer);
  const provider = openai(`${server.url}/v1/`, 'model', 'sk-secret');
  expect(await provider.embed(['one', 'two'], 'document', signal)).toEqual([
    Float32Array.from([1, 0]),
    Float32Array.from([0, 1]),
  ]);
  expect(server.seen).toMatchObject([
    {
      path: '/v1/embeddings',
      headers: { authorization: 'Bearer sk-secret' },
      body: { model: 'model', input: ['one', 'two'], encoding_format: 'float' },
    },
  ]);
});

test('sends no key where there is none', async () => {
  const server = await startEmbeddingServer(200, answer);
  await openai(server.url, 'model', undefined).embed(['one', 'two'], 'query', signal);
  expect(server.seen[0]?.headers.authorization).toBeUndefined();
});

test.each([
  [400, 'input'],
  [401, 'refused'],
  [404, 'model_missing'],
  [429, 'unreachable'],
  [500, 'unreachable'],
])('status %i is %s, said once, without what the server says', async (status, fault) => {
  const server = await startEmbeddingServer(status, { error: { message: 'key sk-secret' } });
  const error = await faultOf(openai(server.url, 'model', 'sk-secret').check(signal));
  expect(error.fault).toBe(fault);
  expect(`${error.message} ${error.fix} ${error.cause}`).not.toContain('sk-secret');
  expect(server.seen).toHaveLength(1);
});

test('what is no such server, or is not there, is said', async () => {
  const server = await startEmbeddingServer(200, { hello: 'world' });
  expect(await faultOf(openai(server.url, 'm', 'k').check(signal))).toMatchObject({
    fault: 'refused',
  });
  expect(await faultOf(openai('http://127.0.0.1:1', 'm', 'k').check(signal))).toMatchObject({
    fault: 'unreachable',
    message: expect.stringContaining('http://127.0.0.1:1'),
  });
});

test('who gives up gets the reason of its own signal', async () => {
  const server = await startEmbeddingServer(200, undefined);
  const controller = new AbortController();
  const call = openai(server.url, 'm', 'k').embed(['x'], 'query', controller.signal);
  const reason = new Error('no longer wanted');
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
});
