import { z } from 'zod';
import { plainText, utf8Length } from './text.ts';

/** Longest file name that Linux and macOS take, in bytes. */
const longestFileName = 255;

/**
 * An id that is also the name of a directory, so it must be one safe path part. Anything that passes
 * is used as it is: nothing is replaced or folded, so that two ids never become one directory.
 */
const pathPart = plainText
  .refine((id) => id !== '', { error: 'must not be empty' })
  .refine((id) => id !== '.' && id !== '..', { error: 'must not be "." or ".."' })
  .refine((id) => !id.includes('/'), { error: 'must not contain "/"' })
  .refine((id) => utf8Length(id) <= longestFileName, {
    error: `must be at most ${longestFileName} bytes in UTF-8`,
  });

export const BotId = pathPart.brand<'BotId'>().describe('The bot that the chat belongs to.');
export type BotId = z.infer<typeof BotId>;

export const ChatId = pathPart.brand<'ChatId'>().describe('The chat, as the bot names it.');
export type ChatId = z.infer<typeof ChatId>;

export const defaultBotId: BotId = BotId.parse('default');

/** A chat's full name. Everything that belongs to a chat is keyed by both. */
export interface ChatKey {
  readonly botId: BotId;
  readonly chatId: ChatId;
}

/** Numbered, as the old system did. */
export const AwayIssueId = z.int().min(1).brand<'AwayIssueId'>().describe('The work on one issue.');
export type AwayIssueId = z.infer<typeof AwayIssueId>;

export const CronJobId = z.int().min(1).brand<'CronJobId'>().describe('One job.');
export type CronJobId = z.infer<typeof CronJobId>;

export const TurnId = z.uuid().brand<'TurnId'>().describe('One turn.');
export type TurnId = z.infer<typeof TurnId>;

export const DeliveryId = z.uuid().brand<'DeliveryId'>().describe('One delivery of the outbox.');
export type DeliveryId = z.infer<typeof DeliveryId>;

export const TaskId = z.uuid().brand<'TaskId'>().describe('One background task.');
export type TaskId = z.infer<typeof TaskId>;
