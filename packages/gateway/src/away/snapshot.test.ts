import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BotId, ChatId } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AwaySnapshot, AwaySnapshots } from './snapshot.ts';

const chat = { botId: BotId.parse('b'), chatId: ChatId.parse('7') };
let root: string;
let snapshots: AwaySnapshots;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mcb-snapshot-'));
  snapshots = new AwaySnapshots(root);
});
afterEach(() => rmSync(root, { recursive: true }));

const file = () => join(root, 'state', 'b', 'session-7.md');
const snapshot: AwaySnapshot = {
  bot_id: 'b',
  chat_id: '7',
  activated_at: 1_767_225_600,
  harness: { project_name: 'tea', done: 3, total: 10 },
  tasks: [{ id: 'x', state: 'running', message: 'Sort\nthe photos' }],
};

test('it can be read by people', async () => {
  await snapshots.write(chat, snapshot);
  expect(readFileSync(file(), 'utf8')).toContain(`# Chat 7 of the bot b

The owner is away since 2026-01-01T00:00:00.000Z.

- Harness tea: 3 of 10 tasks done
- Task, running: Sort the photos
`);
});

test('what was written is read, whatever stands in it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.string(), fc.constantFrom('```json\n{}\n```', '\n```\n', '```')),
      async (message) => {
        const written = { ...snapshot, tasks: [{ id: 'x', state: 'running', message }] };
        await snapshots.write(chat, written);
        expect(await snapshots.read(chat)).toEqual(written);
      },
    ),
    { numRuns: 30 },
  );
});

test('none, or one that somebody has changed beyond reading, is none', async () => {
  expect(await snapshots.read(chat)).toBeUndefined();
  await snapshots.write(chat, snapshot);
  writeFileSync(file(), 'I tidied up here.');
  expect(await snapshots.read(chat)).toBeUndefined();
});
