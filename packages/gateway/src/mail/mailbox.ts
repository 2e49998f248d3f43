import type { DeliveryId } from '@mini-claude-bot/contract';
import { GatewayError } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import { mailContent, type NewMail } from './mail.ts';
import type { MailsRepo } from './mails-repo.ts';

/** SMTP servers take about 25 MB, and base64 makes a third more of it. */
const mostBytes = 15 * 2 ** 20;

export interface MailboxParts {
  readonly database: Database;
  readonly mails: MailsRepo;
  readonly now: () => number;
  readonly newDeliveryId: () => DeliveryId;
  /** Look for what can be sent. Called after the present transaction. */
  readonly wake: () => void;
}

/** Where mails are posted: each a row, sent until it has arrived, and never twice. */
export class Mailbox {
  readonly #parts: MailboxParts;

  constructor(parts: MailboxParts) {
    this.#parts = parts;
  }

  /**
   * Send a mail, surely. Can be called in the transaction of the result that it carries: both are there, or neither.
   * @throws GatewayError `invalid_input`, `message_too_large`; SQLite's error when it can't be written
   */
  post({ chat, source, mail }: NewMail): DeliveryId {
    const { database, mails, now, newDeliveryId, wake } = this.#parts;
    const checked = mailContent.safeParse(mail);
    if (!checked.success) {
      const [issue] = checked.error.issues;
      const words = `The mail can't be sent: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
      throw new GatewayError('invalid_input', words.trim());
    }
    const bytes = checked.data.attachments.reduce((sum, each) => sum + each.content.length, 0);
    if (bytes > mostBytes) {
      const words = `The mail's files have ${Math.ceil(bytes / 2 ** 20)} MB; 15 MB can be sent.`;
      throw new GatewayError('message_too_large', words);
    }
    const id = newDeliveryId();
    database.transaction(() => mails.insert(id, { chat, source }, checked.data, now()))();
    queueMicrotask(wake);
    return id;
  }
}
