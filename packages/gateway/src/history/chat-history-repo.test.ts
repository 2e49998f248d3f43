import { ChatMessage, ChatSession } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { ChatHistoryRepo, type NewChatMessage } from './chat-history-repo.ts';

let database: Database;
let history: ChatHistoryRepo;

beforeEach(() => {
  database = openDatabase(':memory:');
  history = new ChatHistoryRepo(database);
});
afterEach(() => void database.close());

const message = (over: Partial<NewChatMessage> = {}): NewChatMessage => ({
  sessionId: 'gw-hero-1',
  botId: 'hero',
  role: 'user',
  content: 'hi',
  source: 'telegram',
  telegramChatId: null,
  userId: null,
  username: null,
  ...over,
});

const contents = (sessionId: string, botId: string | undefined, limit: number): string[] =>
  history.messages(sessionId, botId, limit).map(({ content }) => content);

test('a row has the fields that existing clients read', () => {
  const id = history.add(
    message({ content: '你好 😀', telegramChatId: -1001234567890, userId: '42', username: 'ann' }),
  );
  const [row] = history.messages('gw-hero-1', undefined, 0);
  expect(row).toEqual({
    id,
    session_id: 'gw-hero-1',
    role: 'user',
    content: '你好 😀',
    source: 'telegram',
    telegram_chat_id: -1001234567890,
    user_id: '42',
    username: 'ann',
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
    bot_id: 'hero',
  });
  expect(ChatMessage.parse(row)).toEqual(row);
});

test('ids grow, and none is used again', () => {
  const first = history.add(message());
  const second = history.add(message());
  expect(second).toBeGreaterThan(first);
  database.exec('DELETE FROM chat_messages');
  expect(history.add(message())).toBeGreaterThan(second);
});

describe('messages', () => {
  beforeEach(() => {
    for (const n of [1, 2, 3, 4]) history.add(message({ content: String(n) }));
    history.add(message({ content: 'of another bot', botId: 'other' }));
    history.add(message({ content: 'of another session', sessionId: 'gw-hero-2' }));
  });

  test.each<[number, string[]]>([
    [0, ['1', '2', '3', '4']],
    [1, ['4']],
    [3, ['2', '3', '4']],
    [4, ['1', '2', '3', '4']],
    [100, ['1', '2', '3', '4']],
  ])('with limit %i the last ones, oldest first', (limit, expected) => {
    expect(contents('gw-hero-1', 'hero', limit)).toEqual(expected);
  });

  test('of all bots, or of one', () => {
    expect(contents('gw-hero-1', undefined, 0)).toHaveLength(5);
    expect(contents('gw-hero-1', undefined, 2)).toEqual(['4', 'of another bot']);
    expect(contents('gw-hero-1', 'other', 0)).toEqual(['of another bot']);
    expect(contents('gw-hero-1', 'nobody', 0)).toEqual([]);
  });

  test('of a session by its exact name', () => {
    expect(contents('gw-hero-_', undefined, 0)).toEqual([]);
    expect(contents('GW-HERO-1', undefined, 0)).toEqual([]);
    expect(contents("' OR 1=1 --", undefined, 0)).toEqual([]);
  });
});

describe('sessions', () => {
  const at = (id: number, time: string): void =>
    void database.prepare('UPDATE chat_messages SET created_at = ? WHERE id = ?').run(time, id);

  test('none', () => {
    expect(history.sessions(undefined)).toEqual([]);
  });

  test('newest first, with their times and their number of messages', () => {
    at(history.add(message({ sessionId: 'a' })), '2026-01-01 00:00:00');
    at(history.add(message({ sessionId: 'b' })), '2026-01-02 00:00:00');
    at(history.add(message({ sessionId: 'a' })), '2026-01-03 00:00:00');
    const sessions = history.sessions(undefined);
    expect(sessions).toEqual([
      {
        session_id: 'a',
        bot_id: 'hero',
        started_at: '2026-01-01 00:00:00',
        last_message_at: '2026-01-03 00:00:00',
        message_count: 2,
      },
      {
        session_id: 'b',
        bot_id: 'hero',
        started_at: '2026-01-02 00:00:00',
        last_message_at: '2026-01-02 00:00:00',
        message_count: 1,
      },
    ]);
    for (const session of sessions) expect(ChatSession.parse(session)).toEqual(session);
  });

  test('within one second too, the one that was written last comes first', () => {
    for (const sessionId of ['a', 'b', 'c', 'b']) history.add(message({ sessionId }));
    expect(history.sessions(undefined).map((row) => row.session_id)).toEqual(['b', 'c', 'a']);
  });

  test('of one bot, and apart where two bots use one name', () => {
    history.add(message({ sessionId: 'a', botId: 'x' }));
    history.add(message({ sessionId: 'a', botId: 'y' }));
    history.add(message({ sessionId: 'a', botId: 'y' }));
    const counts = (botId?: string) =>
      history.sessions(botId).map((row) => [row.bot_id, row.message_count]);
    expect(counts()).toEqual([
      ['y', 2],
      ['x', 1],
    ]);
    expect(counts('x')).toEqual([['x', 1]]);
    expect(counts('z')).toEqual([]);
  });
});
