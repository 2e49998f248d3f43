import { nextCursorHeader, operations, searchModeHeader } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmbeddingServer } from './support/embedding-server.ts';
import { untilIndexed } from './support/indexes.ts';
import { noClaude } from './support/no-claude.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
let embeddings: EmbeddingServer;
beforeAll(async () => {
  embeddings = await EmbeddingServer.atFreePort();
  await embeddings.start();
  gateway = await startTestGateway({ env: { ...noClaude, ...embeddings.env } });
});
afterAll(async () => {
  await gateway.stop();
  await embeddings.stop();
});

interface Said {
  readonly session_id?: string;
  readonly role?: 'user' | 'assistant';
  readonly source?: string;
  readonly bot_id?: string;
}

const say = async (content: string, said: Said = {}): Promise<number> => {
  const input = { session_id: 's', role: 'user' as const, bot_id: 'hero', ...said, content };
  return (await gateway.client.call(operations.addChatMessage, input)).id;
};

type Query = Readonly<Record<string, string | number | boolean>>;

/** With the headers, which the client does not give. */
async function search(q: string, query: Query = {}) {
  const input = new URLSearchParams({ q, bot_id: 'hero' });
  for (const [name, value] of Object.entries(query)) input.set(name, String(value));
  const response = await fetch(`${gateway.url}/api/chat/search?${input}`);
  const body: unknown = await response.json();
  const hits = response.ok ? operations.searchChat.output.schema.parse(body) : [];
  return {
    status: response.status,
    body,
    hits,
    ids: hits.map(({ id }) => id),
    mode: response.headers.get(searchModeHeader),
    cursor: response.headers.get(nextCursorHeader),
  };
}

describe('messages', () => {
  test('are found by a word as soon as they are stored', async () => {
    const id = await say('The wombat sleeps under the porch.');
    expect(await search('WOMBAT', { mode: 'text' })).toMatchObject({ ids: [id], mode: 'text' });
  });

  test('are found by what they mean, in another language too', async () => {
    const id = await say('The elevator is out of order again.', { bot_id: 'meaning' });
    await say('Lunch is at noon.', { bot_id: 'meaning' });
    await untilIndexed(gateway);
    const found = await search('电梯', { bot_id: 'meaning' });
    expect(found.mode).toBe('hybrid');
    expect(found.ids[0]).toBe(id);
    expect((await search('电梯', { bot_id: 'meaning', mode: 'text' })).ids).toEqual([]);
    expect((await search('电梯', { bot_id: 'meaning', mode: 'vector' })).mode).toBe('vector');
  });

  test.each([
    ['a word of two characters', '今天在公园看见了松鼠和鸽子', '松鼠'],
    ['a word that the segmenter cuts in another way', '他研究生命科学的起源', '研究生'],
    ['one character', '猫', '猫'],
    ['mixed text', '请用docker部署nginx反向代理', 'nginx 部署'],
    ['without accents', 'Le café à Zürich était fermé', 'cafe zurich'],
    ['with accents', 'resume of Jose', 'résumé José'],
    ['of another width', 'ＡＢＣ１２３ カナ', 'abc123'],
    ['in another case', 'STRASSE', 'straße'],
    ['a part of a name in code', 'call getUserAccountById twice', 'account'],
    ['another form of an English word', 'they were connecting the wires', 'connection'],
    ['an emoji', 'see you at the 🏖️ tomorrow', '🏖'],
    ['a date', 'due on 2026-03-14, no later', '2026-03-14'],
  ])('are found by %s', async (what, content, q) => {
    const bot = `word-${what.replaceAll(/\W/g, '')}`;
    const id = await say(content, { bot_id: bot });
    await say('something else altogether', { bot_id: bot });
    expect((await search(q, { bot_id: bot, mode: 'text' })).ids).toEqual([id]);
  });

  test('are found by any of their passages when they are long', async () => {
    const filler = 'The weather was as usual, and nobody said anything of note. '.repeat(100);
    const id = await say(`${filler}The password of the safe is kept by the gardener. ${filler}`);
    await untilIndexed(gateway);
    const [hit] = (await search('gardener safe', { mode: 'text' })).hits;
    expect(hit?.id).toBe(id);
    expect(hit?.snippet.text).toContain('gardener');
    expect(hit?.snippet).toMatchObject({ cut_before: true, cut_after: true });
  });

  test('are shown with what was looked for marked', async () => {
    await say('Please order two blue umbrellas, and one red umbrella.', { bot_id: 'marks' });
    const [hit] = (await search('umbrella blue', { bot_id: 'marks' })).hits;
    const { text = '', marks = [] } = hit?.snippet ?? {};
    expect(marks.map(({ start, end }) => text.slice(start, end))).toEqual([
      'blue',
      'umbrellas',
      'umbrella',
    ]);
  });

  test('are kept apart by conversation, role, source and time', async () => {
    const bot = 'filters';
    const first = await say('lighthouse one', { bot_id: bot, session_id: 'a' });
    const second = await say('lighthouse two', { bot_id: bot, session_id: 'b', role: 'assistant' });
    const third = await say('lighthouse three', { bot_id: bot, session_id: 'a', source: 'web' });
    await untilIndexed(gateway);
    for (const mode of ['text', 'vector', 'hybrid']) {
      const found = async (query: Query) =>
        (await search('lighthouse', { bot_id: bot, mode, ...query })).ids.toSorted((a, b) => a - b);
      expect(await found({})).toEqual([first, second, third]);
      expect(await found({ session_id: 'a' })).toEqual([first, third]);
      expect(await found({ role: 'assistant' })).toEqual([second]);
      expect(await found({ source: 'web', session_id: 'a' })).toEqual([third]);
      expect(await found({ since: '2020-01-01' })).toEqual([first, second, third]);
      expect(await found({ since: '2100-01-01' })).toEqual([]);
      expect(await found({ until: '2020-01-01T00:00:00+02:00' })).toEqual([]);
    }
  });

  test('of one bot are found for it alone, those of all without a bot', async () => {
    const mine = await say('xylophone lessons', { bot_id: 'one' });
    const other = await say('xylophone concert', { bot_id: 'two' });
    await untilIndexed(gateway);
    for (const mode of ['text', 'vector', 'hybrid']) {
      const ids = (await search('xylophone', { bot_id: 'one', mode })).ids;
      expect(ids).toEqual([mine]);
    }
    const all = await fetch(`${gateway.url}/api/chat/search?q=xylophone&mode=text`);
    const found = operations.searchChat.output.schema.parse(await all.json());
    expect(found.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([mine, other]);
  });

  test('a bot with few rows finds all of its own among many of others', async () => {
    for (let index = 0; index < 30; index += 1)
      await say(`the harbour at night, number ${index}`, { bot_id: 'crowd' });
    const id = await say('a ship in the harbour', { bot_id: 'lonely' });
    await untilIndexed(gateway);
    for (const mode of ['text', 'vector', 'hybrid'])
      expect((await search('harbour night', { bot_id: 'lonely', mode, limit: 1 })).ids).toEqual([
        id,
      ]);
  });
});

describe('ranks and scores', () => {
  test('a distance is between 0 and 2 and grows, in each mode', async () => {
    for (let index = 0; index < 8; index += 1)
      await say(`${'kettle '.repeat(index + 1)} and ${'spoon '.repeat(8 - index)}`, {
        bot_id: 'd',
      });
    await untilIndexed(gateway);
    for (const mode of ['text', 'vector', 'hybrid']) {
      const distances = (await search('kettle spoon', { bot_id: 'd', mode })).hits.map(
        ({ distance }) => distance,
      );
      expect(distances).toHaveLength(8);
      expect(distances).toEqual(distances.toSorted((a, b) => a - b));
      expect(Math.min(...distances)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...distances)).toBeLessThanOrEqual(2);
    }
  });

  test('are shown when asked for, on each page', async () => {
    const { hits, cursor } = await search('kettle spoon', { bot_id: 'd', explain: true, limit: 3 });
    const next = { bot_id: 'd', explain: true, limit: 3, cursor: cursor ?? '' };
    const more = await search('kettle spoon', next);
    const all = [...hits, ...more.hits];
    expect(all).toHaveLength(6);
    for (const { explain } of all) {
      expect(explain?.text?.rank).toBeGreaterThan(0);
      expect(explain?.vector?.rank).toBeGreaterThan(0);
      expect(explain?.text?.bm25).toBeLessThan(0);
      expect(explain?.recency).toBeGreaterThan(1);
    }
    const scores = all.map(({ explain }) => explain?.score ?? 0);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const plain = await search('kettle spoon', { bot_id: 'd' });
    expect(plain.hits.every(({ explain }) => explain === undefined)).toBe(true);
  });
});

describe('pages', () => {
  const bot = 'pages';

  test('go on where the last one ended, while rows arrive and go unseen', async () => {
    const stored = new Set<number>();
    for (let index = 0; index < 25; index += 1)
      stored.add(await say(`otter sighting number ${index}`, { bot_id: bot }));
    await untilIndexed(gateway);
    const whole = (await search('otter', { bot_id: bot, limit: 100 })).ids;
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: Query = { bot_id: bot, limit: 7, ...(cursor === '' ? {} : { cursor }) };
      const page: Awaited<ReturnType<typeof search>> = await search('otter', query);
      expect(page.mode).toBe('hybrid');
      seen.push(...page.ids);
      cursor = page.cursor;
      // It would be the first of a new search.
      await say('otter otter otter', { bot_id: bot });
    }
    expect(seen).toEqual(whole);
    expect(new Set(seen)).toEqual(stored);
  });

  test('a cursor of another search, or none at all, is refused', async () => {
    const { cursor } = await search('otter', { bot_id: bot, limit: 2 });
    expect(cursor).not.toBeNull();
    const wrong = [
      await search('badger', { bot_id: bot, cursor: cursor ?? '' }),
      await search('otter', { bot_id: 'hero', cursor: cursor ?? '' }),
      await search('otter', { bot_id: bot, cursor: 'nonsense' }),
    ];
    for (const { status, body } of wrong) {
      expect(status).toBe(422);
      expect(body).toMatchObject({ detail: [{ loc: ['query', 'cursor'] }] });
    }
  });
});

describe('whatever is looked for', () => {
  const queries = [
    '"',
    '""',
    "'",
    '"unbalanced',
    'a AND',
    'NOT',
    'OR OR',
    'NEAR(a b, 5)',
    '(((',
    'words : x',
    '^start',
    'pre*',
    '-minus',
    '+plus',
    'a-b_c.d/e\\f',
    '🏳️‍🌈👩‍👩‍👧‍👦',
    '‼️ ™ ½ ⁉',
    '%_\\',
    "'; DROP TABLE passages; --",
    '\u202e\u0301',
    '。，、',
    '的',
    'the of and',
    '\ud83d\ude00\u200d',
    'x'.repeat(3_000),
  ];

  test.each(queries)('%j is answered', async (q) => {
    for (const mode of ['hybrid', 'text', 'vector'])
      expect((await search(q, { mode })).status).toBe(200);
    expect((await gateway.get(`/api/memory/search?q=${encodeURIComponent(q)}`)).status).toBe(200);
  });

  test('a message is found by a piece of it in quotes, with operators', async () => {
    const id = await say('run "make all" AND wait; NOT now', { bot_id: 'quotes' });
    expect((await search('"make all" AND', { bot_id: 'quotes', mode: 'text' })).ids).toEqual([id]);
  });

  test('any text is answered, or refused for what it is', async () => {
    const texts = fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }));
    await fc.assert(
      fc.asyncProperty(texts, async (q) => {
        expect([200, 422]).toContain((await search(q)).status);
      }),
      { numRuns: 150 },
    );
  });

  test('nothing, too much, and another mode are refused', async () => {
    for (const query of [
      'q=',
      'q=%20',
      'q=x&limit=0',
      'q=x&limit=201',
      'q=x&mode=best',
      'q=x&since=soon',
    ])
      expect((await gateway.get(`/api/chat/search?${query}`)).status, query).toBe(422);
  });
});
