import { BotId, ChatId, TurnId } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { ChatHistoryRepo } from '../history/chat-history-repo.ts';
import { TestClock } from '../host/test-clock.ts';
import { LiveTurn, type Message } from './live-turn.ts';
import { LiveTurns } from './live-turns.ts';
import { RepeatedMessages } from './repeated-messages.ts';
import { TurnReaders } from './turn-readers.ts';
import { TurnsRepo } from './turns-repo.ts';

const id = TurnId.parse('00000000-0000-4000-8000-000000000001');
const message: Message = {
  chat: { botId: BotId.parse('hero'), chatId: ChatId.parse('1') },
  lane: 'main',
  origin: 'chat',
  text: 'hi',
  userId: null,
  username: null,
};

let database: Database;
let turns: TurnsRepo;
let live: LiveTurns;
let clock: TestClock;
let readers: TurnReaders;
let repeated: RepeatedMessages;

beforeEach(() => {
  database = openDatabase(':memory:');
  turns = new TurnsRepo(database);
  live = new LiveTurns();
  clock = new TestClock();
  readers = new TurnReaders((turn, lost) => turns.setReaderLost(turn, lost));
  repeated = new RepeatedMessages({ turns, live, readers, clock });
  const row = { sessionId: 's', botId: 'hero', telegramChatId: null, username: null };
  const userMessageId = new ChatHistoryRepo(database).add({
    ...row,
    role: 'user',
    content: 'hi',
    source: 'telegram',
    userId: null,
  });
  turns.insert({ ...message.chat, id, lane: 'main', origin: 'chat', userMessageId, queuedAtMs: 1 });
  live.add(new LiveTurn(id, message));
});
afterEach(() => void database.close());

test('a turn stays one to repeat, however often its readers are lost, until one was told', () => {
  readers.listen(id).lost();
  expect(repeated.find(message)).toMatchObject({ id });
  // One that joined it, and died with the gateway before it had the answer, has noted nothing.
  readers.listen(id);
  expect(turns.findLostReaders(message.chat, 'hi', null, 0)).toMatchObject([{ id }]);
});

test('while somebody waits for its answer the same words are another message', () => {
  readers.listen(id).lost();
  const reader = readers.listen(id);
  expect(repeated.find(message)).toBeUndefined();
  reader.told();
  expect(repeated.find(message)).toBeUndefined();
});

test('one that comes before the news of the cut waits for it', async () => {
  const reader = readers.listen(id);
  const noticed = repeated.cutNoticed(message);
  expect(repeated.find(message)).toBeUndefined();
  reader.lost();
  await noticed;
  expect(repeated.find(message)).toMatchObject({ id });
});

test('and no longer than a cut takes to be noticed', async () => {
  readers.listen(id);
  const noticed = repeated.cutNoticed(message);
  clock.advance(300);
  await noticed;
  expect(repeated.find(message)).toBeUndefined();
});

test('nothing is waited for where there is no reader', async () => {
  await repeated.cutNoticed(message);
  expect(repeated.find(message)).toBeUndefined();
});
