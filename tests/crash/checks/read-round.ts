import type { ChatKey } from '@mini-claude-bot/contract';
import type { ObservedMessage, RoundEvidence, StoredTurn } from '../evidence.ts';
import { nameOf } from '../workload.ts';

/** A check: what of a round may not be. */
export type Check = (round: RoundEvidence) => {
  readonly chat?: ChatKey;
  readonly message?: string;
  readonly what: string;
}[];

/** The turns that were made for a message. */
export const turnsOf = (
  { stored }: Pick<RoundEvidence, 'stored'>,
  { planned }: ObservedMessage,
): StoredTurn[] => stored.turns.filter(({ prompt }) => prompt === planned.text);

/** The messages of each chat with their turns, in the order in which they were accepted. */
export function turnsByChat(round: RoundEvidence): Map<string, [StoredTurn, ObservedMessage][]> {
  const byChat = new Map<string, [StoredTurn, ObservedMessage][]>();
  for (const turn of round.stored.turns) {
    const message = round.messages.find(({ planned }) => planned.text === turn.prompt);
    if (message === undefined) continue;
    const name = nameOf(message.planned.chat);
    byChat.set(name, [...(byChat.get(name) ?? []), [turn, message]]);
  }
  return byChat;
}

/** When the client knew that its message was taken; undefined when it never did. */
export const acceptedAt = ({ attempts }: ObservedMessage): number | undefined =>
  attempts.find(({ turn }) => turn !== undefined)?.turn?.at;

/** When its client first sent it. */
export const firstSentAt = ({ attempts }: ObservedMessage): number =>
  attempts[0]?.sentAt ?? Number.POSITIVE_INFINITY;

export const sameChat = (a: ChatKey, b: ChatKey): boolean => nameOf(a) === nameOf(b);
