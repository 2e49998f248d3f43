import type { ConversationMessage } from '@mini-claude-bot/contract';

/** A part of a conversation without gaps, oldest message first. */
export interface MessageLog {
  readonly messages: readonly ConversationMessage[];
  /** There are older messages, which were not loaded. */
  readonly hasOlder: boolean;
  /** There are newer messages, which were not loaded: the part is not at the end. */
  readonly hasNewer: boolean;
}

/** What the gateway answers. */
export interface MessagePage {
  readonly messages: readonly ConversationMessage[];
  readonly more_before: boolean;
  readonly more_after: boolean;
}

export const logOf = (page: MessagePage): MessageLog => ({
  messages: page.messages,
  hasOlder: page.more_before,
  hasNewer: page.more_after,
});

export const withOlder = (log: MessageLog, page: MessagePage): MessageLog => ({
  ...log,
  messages: [...before(page.messages, log.messages[0]?.id), ...log.messages],
  hasOlder: page.more_before,
});

/** The page begins behind `after`: what the log has from there on is replaced. */
export const withNewer = (log: MessageLog, after: number, page: MessagePage): MessageLog => ({
  ...log,
  messages: [...log.messages.filter(({ id }) => id <= after), ...page.messages],
  hasNewer: page.more_after,
});

/**
 * From where a log must be read again to be up to date: behind its last message, or from the first one on whose
 * turn had not ended, as that may have changed. @returns an id, exclusive
 */
export function staleAfter({ messages }: MessageLog): number {
  const answered = new Set(
    messages.filter(({ role }) => role === 'assistant').map(({ turn }) => turn?.id),
  );
  const open = messages.find(
    ({ role, turn }) => role === 'user' && turn !== null && isOpen(turn) && !answered.has(turn.id),
  );
  return open === undefined ? (messages.at(-1)?.id ?? 0) : open.id - 1;
}

export const isOpen = ({ state }: { readonly state: string }): boolean =>
  state === 'queued' || state === 'running';

const before = (messages: readonly ConversationMessage[], id = Number.MAX_SAFE_INTEGER) =>
  messages.filter((message) => message.id < id);
