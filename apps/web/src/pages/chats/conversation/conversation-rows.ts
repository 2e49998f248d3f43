import type { ConversationMessage, MessageTurn } from '@mini-claude-bot/contract';
import { momentOf } from '../../../i18n/format.ts';
import { isOpen } from './message-log.ts';

/** One row of the list: what can be seen, and measured, by itself. */
export type Row =
  | { readonly kind: 'day'; readonly key: string; readonly at: number }
  | {
      readonly kind: 'said';
      readonly key: string;
      readonly message: ConversationMessage;
      /** Messages of the chat that come first; undefined: it does not wait. */
      readonly position: number | undefined;
    }
  | { readonly kind: 'answer'; readonly key: string; readonly message: ConversationMessage }
  | { readonly kind: 'live'; readonly key: string; readonly turn: MessageTurn };

/**
 * A conversation as it is read: each answer behind what it answers, also where others asked meanwhile, and where it
 * is still being written.
 */
export function rowsOf(messages: readonly ConversationMessage[]): Row[] {
  const asked = new Set(messages.filter(isQuestion).map(({ turn }) => turn?.id));
  const answers = new Map(
    messages
      .filter(({ role, turn }) => role === 'assistant' && turn !== null)
      .map((message) => [message.turn?.id, message]),
  );
  const rows: Row[] = [];
  let day = '';
  const waiting = new Map<string, number>();
  for (const message of messages) {
    const { turn } = message;
    const isPaired = message.role === 'assistant' && turn !== null && asked.has(turn.id);
    if (isPaired) continue;
    const at = momentOf(message.created_at);
    const today = new Date(at).toDateString();
    if (today !== day) rows.push({ kind: 'day', key: `day ${today}`, at });
    day = today;
    if (message.role === 'assistant') {
      rows.push({ kind: 'answer', key: answerKey(message), message });
      continue;
    }
    const answer = turn === null ? undefined : answers.get(turn.id);
    const open = turn !== null && isOpen(turn) && answer === undefined ? turn : undefined;
    const ahead = open === undefined ? 0 : (waiting.get(open.lane) ?? 0);
    if (open !== undefined) waiting.set(open.lane, ahead + 1);
    const position = open?.state === 'queued' ? ahead : undefined;
    rows.push({ kind: 'said', key: `message ${message.id}`, message, position });
    if (answer !== undefined)
      rows.push({ kind: 'answer', key: answerKey(answer), message: answer });
    else if (open?.state === 'running') {
      rows.push({ kind: 'live', key: `turn ${open.id}`, turn: open });
    }
  }
  return rows;
}

const isQuestion = ({ role, turn }: ConversationMessage): boolean =>
  role === 'user' && turn !== null;

/** The same as while it was being written: nothing jumps when it is done. */
const answerKey = ({ id, turn }: ConversationMessage): string =>
  turn === null ? `message ${id}` : `turn ${turn.id}`;
