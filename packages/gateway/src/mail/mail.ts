import type { ChatKey, DeliverySource } from '@mini-claude-bot/contract';
import { z } from 'zod';

const oneLine = z
  .string()
  .trim()
  .min(1)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a line break would begin another header.
  .transform((text) => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, ' '));

/** What a file is attached as. */
const attachment = z.strictObject({
  name: oneLine.pipe(
    z
      .string()
      .max(120)
      .regex(/^[^/\\]+$/),
  ),
  type: z.string().regex(/^[\w.+-]+\/[\w.+-]+$/),
  content: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
});

/** What can be sent as a mail. */
export const mailContent = z
  .strictObject({
    from: z.email(),
    to: z.array(z.email()).max(100),
    cc: z.array(z.email()).max(100),
    subject: oneLine.pipe(z.string().max(300)),
    text: z.string(),
    html: z.string().optional(),
    attachments: z.array(attachment).max(10),
    /** Mails with the same key answer each other, such as `morning:2026-W10`; none: it stands alone. */
    thread: z.string().min(1).max(200).optional(),
  })
  .refine(({ to, cc }) => to.length + cc.length > 0, { message: 'a mail needs a recipient' });

export type MailContent = z.input<typeof mailContent>;
export type MailAttachment = z.output<typeof attachment>;

/** A mail to be sent. */
export interface NewMail {
  /** The chat whose owner's mail it is: it is told there when it can't be sent. */
  readonly chat: ChatKey;
  readonly source: DeliverySource;
  readonly mail: MailContent;
}

/** A mail as it goes out. */
export interface OutgoingMail {
  readonly messageId: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  /** Who of them has not got it yet. */
  readonly pending: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | undefined;
  readonly attachments: readonly MailAttachment[];
  /** Message ids of the mails before it in its thread, the first one first. */
  readonly references: readonly string[];
  /** When it was written, Unix milliseconds. */
  readonly at: number;
}
