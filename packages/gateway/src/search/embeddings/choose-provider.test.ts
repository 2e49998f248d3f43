import { expect, test } from 'vitest';
import { loadConfig } from '../../config/config.ts';
import { configuredProvider } from './choose-provider.ts';

test.each([
  [{}, { provider: 'ollama', model: 'nomic-embed-text' }],
  [{ OLLAMA_EMBED_MODEL: 'a' }, { provider: 'ollama', model: 'a' }],
  [
    { OLLAMA_EMBED_MODEL: 'a', EMBEDDINGS_MODEL: 'b' },
    { provider: 'ollama', model: 'b' },
  ],
  [{ EMBEDDINGS_PROVIDER: 'openai' }, { provider: 'openai', model: 'text-embedding-3-small' }],
  [
    { EMBEDDINGS_PROVIDER: 'openai', EMBEDDINGS_MODEL: 'b' },
    { provider: 'openai', model: 'b' },
  ],
])('%j is %j', (environment, expected) => {
  expect(configuredProvider(loadConfig(environment))).toMatchObject(expected);
});

test('none is none', () => {
  expect(configuredProvider(loadConfig({ EMBEDDINGS_PROVIDER: 'none' }))).toBeUndefined();
});
