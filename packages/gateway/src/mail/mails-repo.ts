import type { DeliveryId } from '@mini-claude-bot/contract';
import { z } from 'zod';
import type { Database } from '../db/database.ts';
import type { DeliveryRow } from '../outbox/delivery.ts';
import type { mailContent, NewMail, OutgoingMail } from './mail.ts';

interface MailRow {
  readonly delivery_seq: number;
  readonly message_id: string;
  readonly sender: string;
  readonly recipients: string;
  readonly copies: string;
  readonly accepted: string;
  readonly subject: string;
  readonly html: string | null;
  readonly thread: string | null;
  readonly refers_to: string;
  readonly doubtful: 0 | 1;
}

/** What is shown of a delivery by mail. */
export interface MailSummary {
  readonly messageId: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly accepted: readonly string[];
  readonly subject: string;
  readonly attachments: readonly { readonly name: string; readonly bytes: number }[];
  readonly doubtful: boolean;
}

/** Written by this class, and by nobody else. */
const Addresses = z.array(z.string());
const list = (stored: string): string[] => Addresses.parse(JSON.parse(stored));

/** The threads that mail programs show are not endless, and neither are headers. */
const mostReferences = 20;

/** Deliveries by mail, with what they consist of. */
export class MailsRepo {
  readonly #insertDelivery;
  readonly #insertMail;
  readonly #insertAttachment;
  readonly #before;
  readonly #find;
  readonly #attachments;
  readonly #sizes;
  readonly #due;
  readonly #accept;
  readonly #doubt;
  readonly #sending;
  readonly #drop;

  constructor(database: Database) {
    this.#insertDelivery = database.prepare<[Record<string, string | number>]>(`
      INSERT INTO deliveries
        (id, bot_id, chat_id, source_kind, source_id, text, format, state, created_at_ms, channel)
      VALUES (:id, :botId, :chatId, :kind, :sourceId, :text, 'plain', 'queued', :at, 'mail')`);
    this.#insertMail = database.prepare<[Record<string, string | number | null>]>(`
      INSERT INTO mails
        (delivery_seq, message_id, sender, recipients, copies, subject, html, thread, refers_to)
      VALUES (:seq, :messageId, :from, :to, :cc, :subject, :html, :thread, :refersTo)`);
    this.#insertAttachment = database.prepare<
      [{ seq: number; n: number; name: string; type: string; content: Uint8Array }]
    >('INSERT INTO mail_attachments VALUES (:seq, :n, :name, :type, :content)');
    this.#before = database.prepare<[string], MailRow>(
      'SELECT * FROM mails WHERE thread = ? ORDER BY delivery_seq DESC LIMIT 1',
    );
    this.#find = database.prepare<[number], MailRow>('SELECT * FROM mails WHERE delivery_seq = ?');
    this.#attachments = database.prepare<
      [number],
      { name: string; type: string; content: Uint8Array }
    >('SELECT name, type, content FROM mail_attachments WHERE delivery_seq = ? ORDER BY n');
    this.#sizes = database.prepare<[number], { name: string; bytes: number }>(
      'SELECT name, length(content) AS bytes FROM mail_attachments WHERE delivery_seq = ? ORDER BY n',
    );
    this.#due = database.prepare<[], DeliveryRow>(`
      SELECT * FROM deliveries WHERE channel = 'mail' AND state IN ('queued', 'sending') ORDER BY seq`);
    this.#accept = database.prepare<[{ seq: number; accepted: string }]>(
      'UPDATE mails SET accepted = :accepted WHERE delivery_seq = :seq',
    );
    this.#doubt = database.prepare<[number]>(
      'UPDATE mails SET doubtful = 1 WHERE delivery_seq = ?',
    );
    this.#sending = database.prepare<[], DeliveryRow>(
      "SELECT * FROM deliveries WHERE channel = 'mail' AND state = 'sending' ORDER BY seq",
    );
    this.#drop = database.prepare<[number]>('DELETE FROM mail_attachments WHERE delivery_seq = ?');
  }

  /** To be called in a transaction. */
  insert(
    id: DeliveryId,
    { chat, source }: Pick<NewMail, 'chat' | 'source'>,
    mail: z.output<typeof mailContent>,
    at: number,
  ): void {
    const { botId, chatId } = chat;
    const { text, from, subject, html = null, thread = null } = mail;
    const { lastInsertRowid } = this.#insertDelivery.run({
      id,
      botId,
      chatId,
      kind: source.kind,
      sourceId: source.id,
      text,
      at,
    });
    const seq = Number(lastInsertRowid);
    this.#insertMail.run({
      seq,
      messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
      from,
      to: JSON.stringify(mail.to),
      cc: JSON.stringify(mail.cc),
      subject,
      html,
      thread,
      refersTo: JSON.stringify(thread === null ? [] : this.#referencesOf(thread)),
    });
    for (const [n, attachment] of mail.attachments.entries())
      this.#insertAttachment.run({ seq, n, ...attachment });
  }

  /** The first of a thread stays: by it mail programs know the thread. */
  #referencesOf(thread: string): string[] {
    const before = this.#before.get(thread);
    if (before === undefined) return [];
    const [first, ...rest] = [...list(before.refers_to), before.message_id];
    return first === undefined ? [] : [first, ...rest.slice(1 - mostReferences)];
  }

  /** Open ones, the oldest first. */
  open(): DeliveryRow[] {
    return this.#due.all();
  }

  /** Those that were being handed over. */
  sending(): DeliveryRow[] {
    return this.#sending.all();
  }

  outgoing({ seq, text, created_at_ms }: DeliveryRow): OutgoingMail | undefined {
    const row = this.#find.get(seq);
    if (row === undefined) return undefined;
    const [to, cc, accepted] = [list(row.recipients), list(row.copies), list(row.accepted)];
    return {
      messageId: row.message_id,
      from: row.sender,
      to,
      cc,
      pending: [...new Set([...to, ...cc])].filter((address) => !accepted.includes(address)),
      subject: row.subject,
      text,
      html: row.html ?? undefined,
      attachments: this.#attachments.all(seq),
      references: list(row.refers_to),
      at: created_at_ms,
    };
  }

  summary(seq: number): MailSummary | undefined {
    const row = this.#find.get(seq);
    if (row === undefined) return undefined;
    return {
      messageId: row.message_id,
      from: row.sender,
      to: list(row.recipients),
      cc: list(row.copies),
      accepted: list(row.accepted),
      subject: row.subject,
      attachments: this.#sizes.all(seq),
      doubtful: row.doubtful === 1,
    };
  }

  /** These have got it, too. */
  accept(seq: number, addresses: readonly string[]): void {
    const row = this.#find.get(seq);
    if (row === undefined) return;
    const accepted = [...new Set([...list(row.accepted), ...addresses])];
    this.#accept.run({ seq, accepted: JSON.stringify(accepted) });
  }

  /** It may have arrived although nobody has said so. */
  doubt(seq: number): void {
    this.#doubt.run(seq);
  }

  /** It has arrived: its files are kept no longer. */
  dropAttachments(seq: number): void {
    this.#drop.run(seq);
  }
}
