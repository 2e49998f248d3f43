import { BotId, GatewayError, type Memory } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import papa from 'papaparse';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { MemoryRepo } from './memory-repo.ts';
import { importMemories, readMemories, writeMemories } from './memory-transfer.ts';

const bot = BotId.parse('b');
const at = '2026-01-01T00:00:00.000+00:00';

let database: Database;
let repo: MemoryRepo;
beforeEach(() => {
  database = openDatabase(':memory:');
  repo = new MemoryRepo(database);
});
afterEach(() => database.close());

const memory = (key: string, content: string, category = 'general'): Memory => ({
  id: 1,
  key,
  content,
  category,
  created_at: at,
  updated_at: at,
  bot_id: 'b',
});

const text = fc
  .oneof(
    fc.string({ minLength: 1, unit: 'binary' }),
    fc.constantFrom('a,b', '"q"', 'x\r\ny', '=1+1', "'-1", "''@x", "'s", ' s '),
  )
  .filter((found) => found.trim() !== '' && !found.includes('\0'));

test.each(['json', 'csv'] as const)('what is written as %s is read as it was', async (format) => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.record({ key: text, content: text }), { selector: ({ key }) => key }),
      async (rows) => {
        const written = await writeMemories(
          rows.map(({ key, content }) => memory(key, content, 'kind')),
          format,
        );
        expect(await readMemories(written, format)).toEqual(
          rows.map((row) => ({ ...row, category: 'kind' })),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('a table has nothing that a spreadsheet would run', async () => {
  const bad = ['=cmd|calc!A1', '+1', '-1', '@sum(1)', '\t=1', "'=1", 'fine = good'];
  const written = await writeMemories(
    bad.map((content, n) => memory(`=key ${n}`, content)),
    'csv',
  );
  const { data } = papa.parse<string[]>(written);
  expect(data.flat().filter((field) => /^[=+\-@\t\r]/.test(field))).toEqual([]);
  expect(data.flat()).toContain('fine = good');
});

const faultOf = async (content: string, format: 'json' | 'csv') => {
  const error: unknown = await readMemories(content, format).catch((fault: unknown) => fault);
  if (!(error instanceof GatewayError)) throw new Error(`taken, or another fault: ${error}`);
  expect(error.code).toBe('invalid_input');
  return error.message;
};

test.each([
  ['{', 'json', /is not JSON/],
  ['{"key": "a"}', 'json', /must be a list/],
  ['[{"key": "a"}]', 'json', /row 1 content/],
  ['[{"key": " ", "content": "x"}, 7]', 'json', /row 1 key: must not be empty; row 2/],
  [
    '[{"key": "a", "content": "x"}, {"key": "a", "content": "y"}]',
    'json',
    /row 2 key: has the key of row 1/,
  ],
  ['', 'csv', /no column key, nor content/],
  ['key;text\na;b', 'csv', /no column content/],
  ['key,content\na,"b', 'csv', /quote/],
  ['key,content\na', 'csv', /row 1/],
] as const)('%j as %s is refused', async (content, format, words) => {
  expect(await faultOf(content, format)).toMatch(words);
});

test('CSV of a spreadsheet is read: with a mark in front, semicolons, and empty lines', async () => {
  const content = '\ufeffKey;Content;Category\r\na;"b;c";\r\n;;\r\n';
  expect(await readMemories(content, 'csv')).toEqual([
    { key: 'a', content: 'b;c', category: 'general' },
  ]);
});

test('what the bot has is skipped or replaced, and a rehearsal changes nothing', () => {
  repo.add({ botId: bot, key: 'old', content: 'before', category: 'general', at });
  const rows = [
    { key: 'old', content: 'after', category: 'x' },
    { key: 'new', content: 'n', category: 'general' },
  ];
  const take = (onConflict: 'skip' | 'replace', dryRun: boolean) =>
    importMemories(repo, bot, rows, { onConflict, dryRun, at });
  expect(take('replace', true)).toEqual({ added: 1, replaced: 1, skipped: 0 });
  expect(repo.list(bot, undefined)).toHaveLength(1);
  expect(take('skip', false)).toEqual({ added: 1, replaced: 0, skipped: 1 });
  expect(take('replace', false)).toEqual({ added: 0, replaced: 2, skipped: 0 });
  expect(repo.list(bot, 'x')).toMatchObject([{ key: 'old', content: 'after' }]);
});
