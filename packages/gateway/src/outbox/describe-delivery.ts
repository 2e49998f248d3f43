import type { Delivery, DeliveryPart } from '@mini-claude-bot/contract';
import type { MailSummary } from '../mail/mails-repo.ts';
import type { DeliveryRow, PartRow } from './delivery.ts';

const previewLength = 200;
const secondsOrNull = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/**
 * A delivery as the contract shows it.
 * @param mail what it consists of, where it goes by mail
 */
export const describeDelivery = (
  row: DeliveryRow,
  parts: readonly PartRow[],
  mail?: MailSummary,
): Delivery => ({
  id: row.id,
  bot_id: row.bot_id,
  chat_id: row.chat_id,
  channel: row.channel,
  source: { kind: row.source_kind, id: row.source_id },
  format: row.format,
  state: row.state,
  reason: row.reason,
  detail: row.detail,
  attempts: row.attempts,
  maybe_duplicate: mail?.doubtful === true || parts.some(({ maybe_duplicate }) => maybe_duplicate),
  message_ids: parts.flatMap(({ message_id }) => message_id ?? []),
  preview: [...row.text.slice(0, 2 * previewLength)].slice(0, previewLength).join(''),
  created_at: row.created_at_ms / 1000,
  not_before: row.not_before_ms === 0 ? null : row.not_before_ms / 1000,
  finished_at: secondsOrNull(row.finished_at_ms),
  mail: mail === undefined ? null : describeMail(mail),
});

const describeMail = (mail: MailSummary): Delivery['mail'] => ({
  message_id: mail.messageId,
  from: mail.from,
  to: [...mail.to],
  cc: [...mail.cc],
  accepted: [...mail.accepted],
  subject: mail.subject,
  attachments: mail.attachments.map(({ name, bytes }) => ({ name, bytes })),
});

export const describePart = (part: PartRow): DeliveryPart => ({
  kind: part.kind,
  state: part.state,
  text: part.text,
  plain: part.plain,
  message_id: part.message_id,
  maybe_duplicate: part.maybe_duplicate,
});
