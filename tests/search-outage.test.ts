import { rmSync } from 'node:fs';
import { createClient } from '@mini-claude-bot/client';
import { operations, searchModeHeader } from '@mini-claude-bot/contract';
import { type Clock, systemClock } from 'mini-claude-bot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EmbeddingServer, otherModel } from './support/embedding-server.ts';
import { eventually } from './support/eventually.ts';
import { scratchDirectory, spawnGateway } from './support/gateway-process.ts';
import { indexSizes, type SearchStatus, untilIndexed } from './support/indexes.ts';
import { noClaude } from './support/no-claude.ts';
import { startTestGateway, type TestGateway, testEnvironment } from './support/test-gateway.ts';

/** A clock on which a minute takes three seconds: what waits longer and longer still comes. */
const hasty: Clock = {
  now: () => systemClock.now() * 20,
  after: (ms, callback) => systemClock.after(ms / 20, callback),
};

const mainModel = 'nomic-embed-text';

let embeddings: EmbeddingServer;
let gateway: TestGateway;
beforeEach(async () => {
  embeddings = await EmbeddingServer.atFreePort();
  gateway = await startTestGateway({ env: { ...noClaude, ...embeddings.env }, clock: hasty });
});
afterEach(async () => {
  await gateway.stop();
  await embeddings.stop();
});

const say = (content: string) =>
  gateway.client.call(operations.addChatMessage, { session_id: 's', role: 'user', content });
const status = (): Promise<SearchStatus> => gateway.client.call(operations.searchStatus, {});

async function search(q: string, path = 'chat') {
  const response = await fetch(`${gateway.url}/api/${path}/search?q=${encodeURIComponent(q)}`);
  const hits = (await response.json()) as { content: string }[];
  return {
    status: response.status,
    mode: response.headers.get(searchModeHeader),
    found: hits.map(({ content }) => content),
  };
}

const elevator = 'The elevator is out of order again.';

describe('no embedding server', () => {
  test('searches go by words, and say so; the status names what waits and why', async () => {
    await say(elevator);
    await gateway.client.call(operations.addMemory, { key: 'lift', content: elevator });
    for (const path of ['chat', 'memory'])
      expect(await search('elevator', path)).toEqual({
        status: 200,
        mode: 'text',
        found: [elevator],
      });
    const said = await eventually('it was tried', async () => {
      const now = await status();
      return now.embeddings.state === 'unreachable' && now;
    });
    expect(said).toMatchObject({
      mode: 'text',
      embeddings: {
        provider: 'ollama',
        model: mainModel,
        detail: expect.stringContaining(embeddings.url),
        fix: expect.any(String),
        serving_model: null,
      },
      chat: { rows: 1, waiting: 0, passages: 1, unembedded: 1 },
      memory: { rows: 1, waiting: 0, passages: 1, unembedded: 1 },
    });
  });

  test('once it is there, what came meanwhile is caught up with, by itself', async () => {
    for (let index = 0; index < 40; index += 1) await say(`note number ${index}`);
    await say(elevator);
    await eventually(
      'it was tried',
      async () => (await status()).embeddings.state === 'unreachable',
    );
    await embeddings.start();
    expect(await untilIndexed(gateway)).toMatchObject({ mode: 'hybrid' });
    expect(await search('电梯')).toMatchObject({
      mode: 'hybrid',
      found: [elevator, ...Array(9).fill(expect.any(String))],
    });
    expect((await embeddings.work()).texts).toBeLessThan(50);
    // And down again: words alone, and what was found by them before is still.
    await embeddings.stop();
    await say('The wombat came back.');
    expect(await search('elevator wombat')).toMatchObject({ status: 200, mode: 'text' });
    await embeddings.start();
    expect((await untilIndexed(gateway)).mode).toBe('hybrid');
  });

  test('none is wanted: nothing waits', async () => {
    await gateway.restart({ EMBEDDINGS_PROVIDER: 'none' });
    await say(elevator);
    expect((await search('elevator')).mode).toBe('text');
    expect(await status()).toMatchObject({
      mode: 'text',
      embeddings: { provider: 'none', state: 'off', detail: null },
      chat: { unembedded: 0 },
    });
  });
});

describe('the model', () => {
  test('that was not pulled is named, with the command', async () => {
    await embeddings.start([]);
    await say(elevator);
    const said = await eventually('it was tried', async () => {
      const now = await status();
      return now.embeddings.state === 'model_missing' && now;
    });
    expect(said.embeddings.detail).toContain(mainModel);
    expect(said.embeddings.fix).toBe(`ollama pull ${mainModel}`);
    expect(await search('elevator')).toMatchObject({ mode: 'text', found: [elevator] });
  });

  test('is changed: the old vectors are searched until the new ones are complete', async () => {
    await embeddings.start([mainModel]);
    await say(elevator);
    await say('Lunch is at noon.');
    expect((await untilIndexed(gateway)).embeddings).toMatchObject({
      serving_model: mainModel,
      dimensions: 768,
    });
    await gateway.restart({ OLLAMA_EMBED_MODEL: otherModel });
    const waiting = await eventually('the new one is missed', async () => {
      const now = await status();
      return now.embeddings.state === 'model_missing' && now;
    });
    expect(waiting).toMatchObject({
      mode: 'hybrid',
      embeddings: { model: otherModel, serving_model: mainModel },
      chat: { unembedded: 2 },
    });
    expect((await search('电梯')).found[0]).toBe(elevator);

    await embeddings.stop();
    await embeddings.start([mainModel, otherModel]);
    await untilIndexed(gateway);
    const now = await eventually('the new one serves', async () => {
      const seen = await status();
      return seen.embeddings.serving_model === otherModel && seen;
    });
    expect(now).toMatchObject({ mode: 'hybrid', embeddings: { dimensions: 384 } });
    expect((await search('电梯')).found[0]).toBe(elevator);
    await eventually('nothing of the old one is left', () => {
      const { passages, vectors, codes, stale } = indexSizes(gateway.home);
      return passages === 2 && vectors === 2 && codes === 2 && stale === 0;
    });
  });
});

describe('a gateway as its users run it', () => {
  test('killed while it indexes, and started again, it has every row once', async () => {
    const home = scratchDirectory();
    const env = { ...testEnvironment(home, 'http://127.0.0.1:9'), ...noClaude, ...embeddings.env };
    const first = spawnGateway(env, home);
    try {
      const client = createClient({ baseUrl: await first.url });
      const texts = Array.from(
        { length: 60 },
        (_, index) => `pebble ${index} ${'on the shore. '.repeat(150)}`,
      );
      await Promise.all(
        texts.map((content) =>
          client.call(operations.addChatMessage, { session_id: 's', role: 'user', content }),
        ),
      );
      await embeddings.start();
      await eventually('some have vectors', () => {
        const { vectors, passages } = indexSizes(home);
        return vectors > 0 && vectors < passages;
      });
      first.child.kill('SIGKILL');
      await first.exited;
      const second = spawnGateway(env, home);
      try {
        const again = createClient({ baseUrl: await second.url });
        const done = await untilIndexed({ client: again });
        expect(done).toMatchObject({ mode: 'hybrid', chat: { rows: 60 } });
        const { passages, words, vectors, codes } = indexSizes(home);
        expect(passages).toBeGreaterThan(120);
        expect([words, vectors, codes]).toEqual([passages, passages, passages]);
        for (const mode of ['text', 'vector', 'hybrid'] as const) {
          const hits = await again.call(operations.searchChat, { q: 'pebble', limit: 100, mode });
          expect(new Set(hits.map(({ id }) => id)).size).toBe(60);
          expect(hits).toHaveLength(60);
        }
      } finally {
        second.child.kill('SIGTERM');
        expect(await second.exited).toMatchObject({ code: 0 });
      }
    } finally {
      first.child.kill('SIGKILL');
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
