import { expect, test } from 'vitest';
import { EmbeddingError } from './embedding-provider.ts';
import { ollama } from './ollama.ts';
import { startEmbeddingServer } from './test-embedding-server.ts';

const { signal } = new AbortController();
const answer = { embeddings: [[0.5, -1]] };

async function faultOf(call: Promise<unknown>): Promise<EmbeddingError> {
  const error: unknown = await call.then(
    () => 'it succeeded',
    (fault: unknown) => fault,
  );
  if (error instanceof EmbeddingError) return error;
  throw error;
}

test('asks for a vector for each text', async () => {
  const server = await startEmbeddingServer(200, answer);
  const vectors = await ollama(server.url, 'some-model').embed(['one'], 'document', signal);
  expect(vectors).toEqual([Float32Array.from([0.5, -1])]);
  expect(server.seen).toMatchObject([
    { path: '/api/embed', body: { model: 'some-model', input: ['one'], truncate: true } },
  ]);
});

test.each([
  ['nomic-embed-text', 'document', 'search_document: x'],
  ['nomic-embed-text:v1.5', 'query', 'search_query: x'],
  ['library/nomic-embed-text', 'query', 'search_query: x'],
  ['mxbai-embed-large', 'query', 'x'],
] as const)('tells %s what a %s is for', async (model, task, input) => {
  const server = await startEmbeddingServer(200, answer);
  await ollama(server.url, model).embed(['x'], task, signal);
  expect(server.seen).toMatchObject([{ body: { input: [input] } }]);
});

test('a base address may have a path, a slash at its end, and a password', async () => {
  const server = await startEmbeddingServer(200, answer);
  const address = `${server.url.replace('//', '//ann:s3cret@')}/ollama/`;
  await ollama(address, 'm').embed(['x'], 'query', signal);
  const authorization = `Basic ${Buffer.from('ann:s3cret').toString('base64')}`;
  expect(server.seen).toMatchObject([{ path: '/ollama/api/embed', headers: { authorization } }]);
});

test('a model that is not there is named, with the command', async () => {
  const server = await startEmbeddingServer(404, { error: 'model "m" not found' });
  for (const call of [
    ollama(server.url, 'm').embed(['x'], 'query', signal),
    ollama(server.url, 'm').check(signal),
  ])
    expect(await faultOf(call)).toMatchObject({
      fault: 'model_missing',
      message: expect.stringContaining('the model m'),
      fix: 'ollama pull m',
    });
});

test.each([
  [400, { error: 'input too long' }, 'input'],
  [401, { error: 'no' }, 'refused'],
  [500, { error: 'out of memory' }, 'unreachable'],
  [200, { embeddings: 'none' }, 'refused'],
  [200, '<html>', 'refused'],
])('status %i with %j is %s', async (status, body, fault) => {
  const server = await startEmbeddingServer(status, body);
  const error = await faultOf(ollama(server.url, 'm').embed(['x'], 'query', signal));
  expect(error.fault).toBe(fault);
});

test('nobody there is said without the password', async () => {
  const error = await faultOf(ollama('http://ann:s3cret@127.0.0.1:1', 'm').check(signal));
  expect(error).toMatchObject({ fault: 'unreachable' });
  expect(error.message).toContain('http://127.0.0.1:1');
  expect(`${error.message} ${error.fix}`).not.toContain('s3cret');
});

test('who gives up gets the reason of its own signal', async () => {
  const server = await startEmbeddingServer(200, undefined);
  const controller = new AbortController();
  const call = ollama(server.url, 'm').embed(['x'], 'query', controller.signal);
  const reason = new Error('no longer wanted');
  controller.abort(reason);
  await expect(call).rejects.toBe(reason);
});
