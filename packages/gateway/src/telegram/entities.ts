/**
 * A style of a stretch of a message, as the Bot API has it (https://core.telegram.org/bots/api#messageentity).
 * `offset` and `length` count UTF-16 units.
 */
export type TelegramEntity = { readonly offset: number; readonly length: number } & TelegramStyle;

export type TelegramStyle =
  | {
      readonly type:
        | 'bold'
        | 'italic'
        | 'strikethrough'
        | 'spoiler'
        | 'code'
        | 'blockquote'
        | 'expandable_blockquote';
    }
  | { readonly type: 'pre'; readonly language?: string }
  | { readonly type: 'text_link'; readonly url: string };

/** UTF-16 units of a message, once its entities are taken out of it. */
export const longestMessage = 4096;
/** What comes after this many is not shown as styled by Telegram. */
export const mostEntities = 100;
