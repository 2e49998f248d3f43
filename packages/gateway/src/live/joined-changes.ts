import type { LiveChange } from '@mini-claude-bot/contract';

/** Changes of one name are told as one: those of one topic, in one chat. */
export const changeName = ({ topic, bot_id, chat_id }: LiveChange): string =>
  JSON.stringify([topic, bot_id, chat_id]);

/** Two changes of one name as one: of several things, none is named. */
export function joined(one: LiveChange | undefined, other: LiveChange): LiveChange {
  if (one === undefined || one.id === other.id) return other;
  const { id: _, ...rest } = other;
  return rest;
}
