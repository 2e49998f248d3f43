import type { TelegramEntity } from './entities.ts';

/** Where a message goes, and as which bot. */
export interface Target {
  readonly token: string;
  readonly chatId: TelegramChatId;
}

/** A number, or `@name` of a public channel. */
export type TelegramChatId = number | `@${string}`;

export interface StyledText {
  readonly text: string;
  readonly entities: readonly TelegramEntity[];
}

export interface Document {
  readonly name: string;
  readonly content: string | Uint8Array;
  readonly caption: string;
}

/** What became of a call. */
export type CallResult<T> = { readonly kind: 'ok'; readonly value: T } | CallFailure;

/** `words` are Telegram's or the system's own, with no token in them. */
export type CallFailure = { readonly words: string } & (
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  /** No answer, or none that can be read. `taken`: the call may have been carried out nevertheless. */
  | { readonly kind: 'unreachable'; readonly taken: boolean }
  | { readonly kind: 'server_error'; readonly status: number }
  | { readonly kind: 'token_refused' }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'moved'; readonly to: number }
  | { readonly kind: 'rejected'; readonly status: number }
);

/** What the outbox asks of Telegram. Nothing here throws for what Telegram or the network does. */
export interface Telegram {
  /** @returns the message's id */
  sendText(to: Target, text: StyledText, signal: AbortSignal): Promise<CallResult<number>>;
  sendDocument(to: Target, document: Document, signal: AbortSignal): Promise<CallResult<number>>;
  editText(
    to: Target,
    messageId: number,
    text: StyledText,
    signal: AbortSignal,
  ): Promise<CallResult<true>>;
  deleteMessage(to: Target, messageId: number, signal: AbortSignal): Promise<CallResult<true>>;
  /** @returns the bot's user name */
  whoAmI(token: string, signal: AbortSignal): Promise<CallResult<string>>;
}

/** The id as Telegram knows chats, or undefined: the chat is none of Telegram's. */
export function telegramChatIdOf(chatId: string): TelegramChatId | undefined {
  if (/^@[A-Za-z]\w{3,31}$/.test(chatId)) return `@${chatId.slice(1)}`;
  const number = Number(chatId);
  if (!/^-?[1-9]\d*$/.test(chatId) || !Number.isSafeInteger(number)) return undefined;
  return number;
}
