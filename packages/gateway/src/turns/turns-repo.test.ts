import { BotId, ChatId, type ChatKey, TurnId } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { ChatHistoryRepo } from '../history/chat-history-repo.ts';
import { type TurnEnd, TurnsRepo } from './turns-repo.ts';

let database: Database;
let repo: TurnsRepo;
let history: ChatHistoryRepo;

beforeEach(() => {
  database = openDatabase(':memory:');
  repo = new TurnsRepo(database);
  history = new ChatHistoryRepo(database);
});
afterEach(() => void database.close());

const chat = (bot: string, id: string): ChatKey => ({
  botId: BotId.parse(bot),
  chatId: ChatId.parse(id),
});
const idOf = (n: number): TurnId =>
  TurnId.parse(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
const [one, two, three] = [idOf(1), idOf(2), idOf(3)];
const here = chat('hero', '1');

function say(role: 'user' | 'assistant', content: string, userId: string | null = null): number {
  const who = { sessionId: 's', botId: 'hero', telegramChatId: null, username: null };
  return history.add({ ...who, role, content, source: 'telegram', userId });
}

function insert(id: TurnId, { to = here, text = 'hi', by = null as string | null } = {}): void {
  const userMessageId = say('user', text, by);
  repo.insert({ ...to, id, lane: 'main', origin: 'chat', userMessageId, queuedAtMs: 1000 });
}

const endOf = (id: TurnId, over: Partial<TurnEnd> = {}): TurnEnd => ({
  id,
  state: 'completed',
  errorCode: null,
  answerMessageId: say('assistant', 'hello'),
  readerLost: 0,
  finishedAtMs: 3000,
  inputTokens: 10,
  outputTokens: 20,
  cacheReadTokens: 30,
  cacheCreationTokens: 40,
  costUsd: 0.5,
  claudeSessionId: null,
  ...over,
});

const stored = (id: TurnId): unknown =>
  database.prepare('SELECT * FROM turns WHERE id = ?').get(id);

const unfinished = (): string[] => repo.unfinished().map(({ id, state }) => `${id} ${state}`);

test('an end that a reader waits for is lost until that one was told', () => {
  insert(one);
  repo.start(one, 2000);
  repo.end(endOf(one, { readerLost: 1 }));
  expect(repo.findLostReaders(here, 'hi', null, 0)).toMatchObject([{ id: one }]);
  repo.setReaderLost(one, false);
  expect(repo.findLostReaders(here, 'hi', null, 0)).toEqual([]);
});

test('a turn waits, runs and ends', () => {
  insert(one);
  expect(repo.unfinished()).toMatchObject([
    { id: one, bot_id: 'hero', chat_id: '1', state: 'queued', prompt: 'hi', answer: null },
  ]);
  repo.start(one, 2000);
  expect(stored(one)).toMatchObject({ state: 'running', queued_at_ms: 1000, started_at_ms: 2000 });
  expect(repo.end(endOf(one))).toBe(true);
  expect(stored(one)).toMatchObject({
    state: 'completed',
    error_code: null,
    finished_at_ms: 3000,
    input_tokens: 10,
    output_tokens: 20,
    cache_read_tokens: 30,
    cache_creation_tokens: 40,
    cost_usd: 0.5,
  });
  expect(repo.unfinished()).toEqual([]);
});

test('the first end counts', () => {
  insert(one);
  repo.start(one, 2000);
  repo.end(endOf(one));
  const first = stored(one);
  expect(repo.end(endOf(one, { state: 'failed', errorCode: 'overloaded' }))).toBe(false);
  expect(stored(one)).toEqual(first);
});

test('what has ended does not start, and what runs does not start again', () => {
  insert(one);
  repo.start(one, 2000);
  repo.start(one, 2500);
  expect(stored(one)).toMatchObject({ started_at_ms: 2000 });
  insert(two);
  repo.end(endOf(two, { state: 'expired', errorCode: 'queue_timeout' }));
  repo.start(two, 2500);
  expect(stored(two)).toMatchObject({ state: 'expired', started_at_ms: null });
});

test('unfinished turns come in the order in which they were taken', () => {
  insert(two);
  insert(three, { to: chat('other', '9') });
  insert(one);
  repo.start(one, 1);
  expect(unfinished()).toEqual([`${two} queued`, `${three} queued`, `${one} running`]);
  repo.end(endOf(three));
  expect(unfinished()).toEqual([`${two} queued`, `${one} running`]);
});

test('no two turns share an id, and none is of a message that is not there', () => {
  insert(one);
  expect(() => insert(one)).toThrow('UNIQUE');
  const nowhere = { ...here, id: two, lane: 'main', origin: 'chat', queuedAtMs: 1 } as const;
  expect(() => repo.insert({ ...nowhere, userMessageId: 999 })).toThrow('FOREIGN KEY');
});

describe('a message that repeats one whose reader was cut off', () => {
  const find = (
    to: ChatKey = here,
    text = 'hi',
    by: string | null = null,
    since = 0,
  ): TurnId | undefined => repo.findLostReaders(to, text, by, since)[0]?.id;

  beforeEach(() => {
    insert(one);
    repo.setReaderLost(one, true);
  });

  test('finds it, waiting, running and ended', () => {
    expect(find()).toBe(one);
    repo.start(one, 1);
    expect(find()).toBe(one);
    repo.end(endOf(one));
    expect(repo.findLostReaders(here, 'hi', null, 0)).toMatchObject([
      { id: one, state: 'completed', answer: 'hello' },
    ]);
  });

  test.each<[string, TurnId | undefined, Parameters<typeof find>]>([
    ['in another chat', undefined, [chat('hero', '2')]],
    ['to another bot', undefined, [chat('other', '1')]],
    ['of another text', undefined, [here, 'Hi']],
    ['of the same text and more', undefined, [here, 'hi ']],
    ['of another user', undefined, [here, 'hi', '42']],
  ])('is another message %s', (_what, found, where) => {
    expect(find(...where)).toBe(found);
  });

  test('of one user is not of nobody', () => {
    insert(two, { text: 'mine', by: '42' });
    repo.setReaderLost(two, true);
    expect(find(here, 'mine')).toBeUndefined();
    expect(find(here, 'mine', '43')).toBeUndefined();
    expect(find(here, 'mine', '42')).toBe(two);
  });

  test('is another message when the answer is old', () => {
    repo.end(endOf(one, { finishedAtMs: 3000 }));
    expect(find(here, 'hi', null, 3001)).toBeUndefined();
    expect(find(here, 'hi', null, 3000)).toBe(one);
  });

  test('does not find a turn whose reader is there, or is there again', () => {
    repo.setReaderLost(one, false);
    expect(find()).toBeUndefined();
  });

  test('finds all of them, oldest first', () => {
    insert(two);
    repo.setReaderLost(two, true);
    const found = repo.findLostReaders(here, 'hi', null, 0);
    expect(found.map(({ id }) => id)).toEqual([one, two]);
  });

  test('after a restart nobody reads what was under way, and what had ended stays as it was', () => {
    repo.setReaderLost(one, false);
    repo.end(endOf(one));
    insert(two, { text: 'running' });
    repo.start(two, 1);
    insert(three, { text: 'waiting' });
    repo.loseReadersOfUnfinished();
    expect(find()).toBeUndefined();
    expect(find(here, 'running')).toBe(two);
    expect(find(here, 'waiting')).toBe(three);
  });
});
