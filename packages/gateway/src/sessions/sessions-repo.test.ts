import { BotId, ChatId, type ChatKey } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { SessionsRepo } from './sessions-repo.ts';

let database: Database;
let repo: SessionsRepo;

beforeEach(() => {
  database = openDatabase(':memory:');
  repo = new SessionsRepo(database);
});
afterEach(() => void database.close());

const chat = (bot: string, id: string): ChatKey => ({
  botId: BotId.parse(bot),
  chatId: ChatId.parse(id),
});
const first = chat('hero', '1');
const sameId = chat('other', '1');

const names = (botId?: BotId): string[] =>
  repo.list(botId).map(({ bot_id, chat_id }) => `${bot_id}/${chat_id}`);

test('a session that was made has nothing behind it', () => {
  expect(repo.find(first)).toBeUndefined();
  repo.create(first, '/w/hero/1', 1735787045.25);
  expect(repo.find(first)).toMatchObject({
    bot_id: 'hero',
    chat_id: '1',
    cwd: '/w/hero/1',
    first_done: 0,
    last_active: 1735787045.25,
    claude_session_id: null,
    claude_cost_usd: 0,
  });
  expect(repo.find(sameId)).toBeUndefined();
});

test('made a second time, it stays as it was', () => {
  repo.create(first, '/w/hero/1', 1);
  repo.create(first, '/elsewhere', 2);
  expect(repo.find(first)).toMatchObject({ cwd: '/w/hero/1', last_active: 1 });
});

test('sessions are listed by their last activity, of all bots or of one', () => {
  repo.create(first, '/a', 10);
  repo.create(sameId, '/b', 30);
  repo.create(chat('hero', '2'), '/c', 20);
  expect(names()).toEqual(['other/1', 'hero/2', 'hero/1']);
  expect(names(first.botId)).toEqual(['hero/2', 'hero/1']);
  expect(names(BotId.parse('nobody'))).toEqual([]);
  repo.touch(first, 40.5, true);
  expect(names()).toEqual(['hero/1', 'other/1', 'hero/2']);
});

test('directories of all sessions', () => {
  repo.create(first, '/a', 1);
  repo.create(sameId, '/b', 1);
  expect(repo.directories()).toEqual([
    { bot_id: 'hero', chat_id: '1', cwd: '/a' },
    { bot_id: 'other', chat_id: '1', cwd: '/b' },
  ]);
});

test('what is written of one chat leaves the one of the same id of another bot alone', () => {
  repo.create(first, '/a', 1);
  repo.create(sameId, '/b', 1);
  const untouched = repo.find(sameId);
  repo.touch(first, 2, true);
  repo.setClaudeSession(first, 'c-1', 0);
  repo.finishTurn(first, 3, 0.25);
  expect(repo.find(first)).toMatchObject({
    first_done: 1,
    last_active: 3,
    claude_session_id: 'c-1',
    claude_cost_usd: 0.25,
  });
  expect(repo.find(sameId)).toEqual(untouched);
  repo.delete(first);
  expect(repo.find(first)).toBeUndefined();
  expect(repo.find(sameId)).toEqual(untouched);
});

test('a session is busy while a turn runs', () => {
  const busy = (): unknown => database.prepare('SELECT busy FROM gateway_sessions').pluck().get();
  repo.create(first, '/a', 1);
  expect(busy()).toBe(0);
  repo.touch(first, 2, true);
  expect(busy()).toBe(1);
  repo.finishTurn(first, 3, 0);
  expect(busy()).toBe(0);
});

test('a new conversation is counted anew', () => {
  repo.create(first, '/a', 1);
  repo.setClaudeSession(first, 'c-1', 0);
  repo.finishTurn(first, 2, 1.5);
  repo.setClaudeSession(first, null, 0);
  expect(repo.find(first)).toMatchObject({ claude_session_id: null, claude_cost_usd: 0 });
});
