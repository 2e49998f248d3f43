import { BotId, type ChatMessage, type Turn, TurnId } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import {
  type ChatEvidence,
  heardInOrder,
  oneAtATime,
  oneOutcome,
  readersAgree,
  storedInOrder,
} from './checks.ts';
import { messagesOf, type PlannedMessage, planLoad } from './plan.ts';

const checks = { oneOutcome, storedInOrder, oneAtATime, heardInOrder, readersAgree };

const turn = (message: PlannedMessage, n: number, response: string): Turn => ({
  id: TurnId.parse(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`),
  bot_id: BotId.parse('load'),
  chat_id: message.chat,
  lane: 'main',
  origin: 'chat',
  state: 'completed',
  message: message.text,
  response,
  error: null,
  queued_at: 0,
  started_at: 10 * n,
  finished_at: 10 * n + 10,
  attempts: 1,
  usage: null,
  cost_usd: null,
});

const row = (role: ChatMessage['role'], content: string): ChatMessage => ({
  id: 1,
  session_id: 's',
  role,
  content,
  source: 'telegram',
  telegram_chat_id: null,
  user_id: null,
  username: null,
  created_at: '',
  bot_id: 'load',
});

/** A chat of which all is as it should be. */
function goodEvidence(): ChatEvidence {
  const [, planned] = planLoad(2);
  if (planned === undefined) throw new Error('no chat was planned');
  const messages = messagesOf(planned);
  const replies = messages.map(({ id }, n) =>
    n < messages.length - 1
      ? id
      : [id, JSON.stringify(messages.slice(0, -1).map(({ text }) => text))].join(' '),
  );
  return {
    planned,
    heard: messages.map((message, n) => ({
      message,
      takenMs: 1,
      reply: replies[n] ?? '',
      fault: undefined,
    })),
    stored: {
      turns: messages.map((message, n) => turn(message, n, replies[n] ?? '')),
      history: messages.flatMap(({ text }, n) => [
        row('user', text),
        row('assistant', replies[n] ?? ''),
      ]),
    },
  };
}

const faultsOf = (evidence: ChatEvidence): string[] =>
  Object.entries(checks).flatMap(([name, check]) => (check(evidence).length > 0 ? [name] : []));

/** The same with other stored turns. */
const withTurns = (evidence: ChatEvidence, turns: readonly Turn[]): ChatEvidence => ({
  ...evidence,
  stored: { ...evidence.stored, turns },
});

/** The same with the second and the third of a list in each other's place. */
const swapped = <T>([first, second, third, ...rest]: readonly T[]): T[] =>
  [first, third, second, ...rest].filter((item) => item !== undefined);

test('a run in which all went well has no faults', () => {
  expect(faultsOf(goodEvidence())).toEqual([]);
});

test('a lost turn is found', () => {
  const good = goodEvidence();
  expect(faultsOf(withTurns(good, good.stored.turns.slice(1)))).toEqual(
    expect.arrayContaining(['oneOutcome', 'storedInOrder', 'readersAgree']),
  );
});

test('a turn that was made twice is found', () => {
  const good = goodEvidence();
  const { turns } = good.stored;
  expect(faultsOf(withTurns(good, [...turns.slice(0, 1), ...turns]))).toContain('oneOutcome');
});

test('a turn that failed is found', () => {
  const good = goodEvidence();
  const turns = good.stored.turns.map((stored) => ({ ...stored, state: 'failed' as const }));
  expect(faultsOf(withTurns(good, turns))).toEqual(['oneOutcome']);
});

test('turns that changed places are found', () => {
  const good = goodEvidence();
  const turns = swapped(good.stored.turns);
  expect(faultsOf(withTurns(good, turns))).toEqual(['storedInOrder', 'oneAtATime']);
});

test('answers that changed places in the history are found', () => {
  const good = goodEvidence();
  const [user, answer, user2, answer2, ...rest] = good.stored.history;
  const history = [user, answer2, user2, answer, ...rest].filter((item) => item !== undefined);
  expect(faultsOf({ ...good, stored: { ...good.stored, history } })).toEqual(['storedInOrder']);
});

test('a model that heard the messages in another order is found', () => {
  const good = goodEvidence();
  const [first = '', second = ''] = messagesOf(good.planned).map(({ id }) => id);
  const exchange = (text: string | null): string =>
    (text ?? '').replace(first, '?').replace(second, first).replace('?', second);
  const turns = good.stored.turns.map((stored, n, all) =>
    n < all.length - 1 ? stored : { ...stored, response: exchange(stored.response) },
  );
  expect(faultsOf(withTurns(good, turns))).toEqual(['heardInOrder', 'readersAgree']);
});

test('a reader who got less than the reply is found', () => {
  const good = goodEvidence();
  const heard = good.heard.map((one) => ({ ...one, reply: one.reply.slice(1) }));
  expect(faultsOf({ ...good, heard })).toEqual(['readersAgree']);
});
