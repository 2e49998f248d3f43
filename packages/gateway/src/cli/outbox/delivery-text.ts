import type { Delivery } from '@mini-claude-bot/contract';
import { printableLine } from '../chat/printable-text.ts';

const previewLength = 60;

/** A delivery in a line or two: what it is, how it stands, and if it is not well, why. */
export function deliveryText(delivery: Delivery): string {
  const { id, state, bot_id, chat_id, source, created_at, preview, maybe_duplicate } = delivery;
  const when = new Date(created_at * 1000).toISOString().replace('T', ' ').slice(0, 19);
  const words = [...printableLine(delivery.mail?.subject ?? preview)]
    .slice(0, previewLength)
    .join('');
  const twice = maybe_duplicate ? ' (perhaps twice)' : '';
  // What stands in it is other people's.
  const chat = printableLine(placeOf(delivery) ?? `${bot_id}/${chat_id}`);
  const line = [id, when, state + twice, chat, source.kind, words].join('  ');
  const why = printableLine(whyOf(delivery));
  return why === '' ? `${line}\n` : `${line}\n    ${why}\n`;
}

/** Of a mail: whom it is for. */
const placeOf = ({ mail }: Delivery): string | undefined =>
  mail === null ? undefined : [...mail.to, ...mail.cc].join(',');

function whyOf({ detail, not_before, attempts }: Delivery): string {
  if (detail === null) return '';
  if (not_before === null) return detail;
  const at = new Date(not_before * 1000).toISOString().slice(11, 19);
  return `${detail} Failed attempts: ${attempts}. It is tried again at ${at} UTC.`;
}
