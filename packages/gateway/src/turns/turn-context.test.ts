import { BotId, ChatId, TurnId } from '@mini-claude-bot/contract';
import { beforeEach, expect, test } from 'vitest';
import { createLogger } from '../host/logger.ts';
import { TestClock } from '../host/test-clock.ts';
import { type ContextTurn, contextText, TurnContext } from './turn-context.ts';

const turn: ContextTurn = {
  id: TurnId.parse('00000000-0000-4000-8000-000000000000'),
  chat: { botId: BotId.parse('b'), chatId: ChatId.parse('1') },
  lane: 'main',
  prompt: 'hi',
  conversationId: undefined,
};
const { signal } = new AbortController();

let clock: TestClock;
let context: TurnContext;
beforeEach(() => {
  clock = new TestClock();
  context = new TurnContext(clock, createLogger('silent'));
});

test('nobody has anything to tell', async () => {
  expect(contextText(await context.gather(turn, signal))).toBeUndefined();
  context.add({ name: 'quiet', tell: async () => undefined });
  context.add({ name: 'empty', tell: async () => ({ text: '' }) });
  expect(contextText(await context.gather(turn, signal))).toBeUndefined();
});

test('all that is told is told in its order, whoever is ready first', async () => {
  context.add({
    name: 'slow',
    tell: () => new Promise((done) => setImmediate(done, { text: 'one' })),
  });
  context.add({ name: 'quick', tell: async ({ prompt }) => ({ text: `two: ${prompt}` }) });
  expect(contextText(await context.gather(turn, signal))).toBe('one\n\ntwo: hi');
});

test('a turn goes on without what fails or takes too long', async () => {
  let given: AbortSignal | undefined;
  context.add({ name: 'faulty', tell: () => Promise.reject(new Error('no')) });
  context.add({
    name: 'hanging',
    tell: (_turn, signal) => {
      given = signal;
      return new Promise(() => {});
    },
  });
  context.add({ name: 'well', tell: async () => ({ text: 'told' }) });
  const gathered = context.gather(turn, signal);
  clock.advance(2_000);
  expect(contextText(await gathered)).toBe('told');
  expect(given?.aborted).toBe(true);
  expect(clock.pending).toBe(0);
});
