import { z } from 'zod';

/** Styles that a bot may send, as far as they are known here. */
export const Entity = z.object({
  type: z.enum([
    'bold',
    'italic',
    'underline',
    'strikethrough',
    'spoiler',
    'code',
    'pre',
    'text_link',
    'blockquote',
    'expandable_blockquote',
  ]),
  offset: z.int(),
  length: z.int(),
  url: z.string().optional(),
  language: z.string().optional(),
});
export type Entity = z.infer<typeof Entity>;

export interface SentDocument {
  readonly fileName: string;
  readonly mimeType: string;
  readonly content: string;
}

/** A message as it stands in a chat. */
export interface Message {
  readonly messageId: number;
  readonly token: string;
  readonly chatId: string;
  /** The text, or a document's caption. */
  readonly text: string;
  readonly entities: readonly Entity[];
  readonly document?: SentDocument;
  /** How often its text was replaced. */
  readonly edits: number;
}
