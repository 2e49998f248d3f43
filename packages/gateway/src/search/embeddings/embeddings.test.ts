import { beforeEach, expect, test } from 'vitest';
import { TestClock } from '../../host/test-clock.ts';
import { EmbeddingError, type EmbeddingProvider } from './embedding-provider.ts';
import { Embeddings, pauseAfter } from './embeddings.ts';

const { signal } = new AbortController();
let clock: TestClock;
let answer: () => Promise<Float32Array[]>;
let embeddings: Embeddings;
beforeEach(() => {
  clock = new TestClock();
  const provider: EmbeddingProvider = {
    provider: 'ollama',
    model: 'm',
    embed: () => answer(),
    check: async () => {},
  };
  embeddings = new Embeddings(provider, clock);
});

const embed = (texts = ['x']) => embeddings.embed(texts, 'query', signal);
const fails = (error: Error) => () => Promise.reject(error);
const down = new EmbeddingError('unreachable', 'it is down', 'start it');

test('a server that failed is left alone, longer each time, up to a minute', async () => {
  answer = fails(down);
  for (const pause of [1_000, 2_000, 4_000]) {
    await expect(embed()).rejects.toBe(down);
    expect(embeddings.pauseMs).toBe(pause);
    expect(embeddings.state).toMatchObject({ kind: 'unreachable', detail: 'it is down' });
    clock.advance(pause);
    expect(embeddings.pauseMs).toBe(0);
  }
  expect(pauseAfter(50)).toBe(60_000);
});

test('once it answers, all is forgotten', async () => {
  answer = fails(down);
  await expect(embed()).rejects.toBe(down);
  answer = async () => [Float32Array.from([1])];
  await embed();
  expect(embeddings).toMatchObject({ state: { kind: 'ready' }, pauseMs: 0 });
  answer = fails(down);
  await expect(embed()).rejects.toBe(down);
  expect(embeddings.pauseMs).toBe(1_000);
});

test('a text that it does not take, and a caller that gives up, say nothing of the server', async () => {
  for (const error of [new EmbeddingError('input', 'too long', ''), new Error('given up')]) {
    answer = fails(error);
    await expect(embed()).rejects.toBe(error);
    expect(embeddings.state).toEqual({ kind: 'unknown' });
  }
});

test('one that takes too long counts as down', async () => {
  answer = fails(new DOMException('too long', 'TimeoutError'));
  await expect(embed()).rejects.toThrow();
  expect(embeddings.state.kind).toBe('unreachable');
});

test.each([
  ['too few vectors', [Float32Array.from([1])]],
  ['of different lengths', [Float32Array.from([1]), Float32Array.from([1, 2])]],
  ['of no length', [new Float32Array(0), new Float32Array(0)]],
])('%s are refused', async (_what, vectors) => {
  answer = async () => vectors;
  await expect(embed(['x', 'y'])).rejects.toThrow(EmbeddingError);
  expect(embeddings.state.kind).toBe('refused');
});
