import { messagesOf, type PlannedChat, type PlannedMessage } from './plan.ts';
import type { StoredChat } from './read-back.ts';
import type { Heard } from './traffic.ts';

/** All that is known of a chat after the run. */
export interface ChatEvidence {
  readonly planned: PlannedChat;
  readonly heard: readonly Heard[];
  readonly stored: StoredChat;
}

/** What may not be, in words: one of these for each message or chat that it happened to. */
export type Check = (evidence: ChatEvidence) => string[];

const idPattern = /c\d{3,}-m\d{2,}/g;
const idsIn = (text: string): string[] => text.match(idPattern) ?? [];
const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);

const turnsOf = ({ stored }: ChatEvidence, { text }: PlannedMessage) =>
  stored.turns.filter(({ message }) => message === text);

/** Each message has one turn, which completed at its first try. */
export const oneOutcome: Check = (evidence) =>
  messagesOf(evidence.planned).flatMap((message) => {
    const turns = turnsOf(evidence, message);
    const [turn] = turns;
    if (turn === undefined || turns.length > 1) return [`${message.id} has ${turns.length} turns`];
    const { state, attempts, response } = turn;
    if (state === 'completed' && attempts === 1) return [];
    return [`${message.id} is ${state} after ${attempts} tries: ${response?.slice(0, 200)}`];
  });

/** Turns, and messages and answers of the history, stand in the order in which the messages were taken. */
export const storedInOrder: Check = ({ planned, stored }) => {
  const taken = messagesOf(planned).map(({ id }) => id);
  const orders = {
    turns: stored.turns.map(({ message }) => firstId(message)),
    messages: stored.history.flatMap((row) => (row.role === 'user' ? [firstId(row.content)] : [])),
    answers: stored.history.flatMap((row) =>
      row.role === 'assistant' ? [firstId(row.content)] : [],
    ),
  };
  return Object.entries(orders).flatMap(([what, ids]) =>
    same(ids, taken) ? [] : [`${planned.id}: its ${what} are ${ids.join(' ')}`],
  );
};

const firstId = (text: string): string => idsIn(text)[0] ?? `(${text.slice(0, 20)})`;

/** One at a time: a turn begins when the one before it has ended. */
export const oneAtATime: Check = ({ planned, stored }) =>
  stored.turns.flatMap(({ started_at }, index) => {
    const endedBefore = stored.turns[index - 1]?.finished_at ?? 0;
    if (started_at !== null && started_at >= endedBefore) return [];
    return [`${planned.id}: turn ${index} began before the one before it had ended`];
  });

/** The model heard all that was said before, in order: with the last message it repeats it. */
export const heardInOrder: Check = ({ planned, stored }) => {
  const taken = messagesOf(planned).map(({ id }) => id);
  const expected = [...taken.slice(-1), ...taken.slice(0, -1)];
  const repeated = idsIn(stored.turns.at(-1)?.response ?? '');
  return same(repeated, expected) ? [] : [`${planned.id}: the model heard ${repeated.join(' ')}`];
};

/** Whoever reads, however they do it, gets the reply that is stored. */
export const readersAgree: Check = (evidence) =>
  evidence.heard.flatMap(({ message, reply, fault }) => {
    const reader = `${message.id}, whose reader ${message.habit}`;
    if (fault !== undefined) return [`${reader}: ${fault}`];
    const stored = turnsOf(evidence, message)[0]?.response ?? '';
    if (reply === stored) return [];
    return [`${reader}: ${reply.length} characters were read, ${stored.length} are stored`];
  });
