import { type ChatKey, DeliveryId } from '@mini-claude-bot/contract';
import type { Mailbox } from '../mail/mailbox.ts';
import type { DeliveriesRepo } from '../outbox/deliveries-repo.ts';
import type { ReportContent } from './content.ts';
import type { MailOf } from './describe-report.ts';
import type { Recipients } from './report-service.ts';
import { weekOf } from './runs/days.ts';
import type { SetReport } from './runs/report-files.ts';
import type { ReportRun } from './runs/run.ts';
import { RunFailure } from './runs/run-failure.ts';
import { datelineOf } from './words.ts';

/** What reports are mailed with. */
export interface ReportMailParts {
  readonly mailbox: Mailbox;
  readonly deliveries: DeliveriesRepo;
  /** Address; undefined: the owner has not named one. */
  readonly sender: string | undefined;
  /** The chat that is told where a mail can't be sent. */
  readonly chatOf: (report: string) => ChatKey;
}

/** Sends reports by mail. */
export class ReportMail {
  readonly #parts: ReportMailParts;

  constructor(parts: ReportMailParts) {
    this.#parts = parts;
  }

  /**
   * Put a report into the outbox, in the present transaction.
   * @returns the mail's id
   * @throws RunFailure where there is no sender; GatewayError where it can't be a mail
   */
  post(run: ReportRun, content: ReportContent, made: SetReport, recipients: Recipients): string {
    const { mailbox, sender, chatOf } = this.#parts;
    if (sender === undefined) throw new RunFailure(senderMissing);
    const { definition, report, day, audience } = run;
    const isPreview = audience === 'preview';
    const name = `${report}-${day}`;
    const files = {
      pdf: { name: `${name}.pdf`, type: 'application/pdf', content: made.pdf },
      text: { name: `${name}.txt`, type: 'text/plain', content: Buffer.from(made.text) },
    };
    const subject = `${content.title} · ${datelineOf(content)}`;
    return mailbox.post({
      chat: chatOf(report),
      source: { kind: 'report', id: run.id },
      mail: {
        from: sender,
        to: [...recipients.to],
        cc: [...recipients.cc],
        subject: isPreview ? `[${previewWords[content.language]}] ${subject}` : subject,
        text: made.text,
        html: made.html,
        attachments: definition.attach.map((kind) => files[kind]),
        // Who gets previews has a conversation of their own.
        ...(definition.thread === 'weekly' && {
          thread: `report/${report}/${weekOf(day)}${isPreview ? '/preview' : ''}`,
        }),
      },
    });
  }

  /** How far a mail is; null: nothing is known of it. */
  readonly find: MailOf = (id) => {
    const row = this.#parts.deliveries.find(DeliveryId.parse(id));
    return row === undefined ? null : { id, state: row.state, detail: row.detail };
  };
}

export const senderMissing =
  'It is not known whom reports come from: set REPORT_SENDER to an address, or have it made without sending it.';

const previewWords = { en: 'Preview', zh: '预览' } as const;
