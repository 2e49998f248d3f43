import { type Delivery, DeliveryId } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { deliveryText } from './delivery-text.ts';

const delivery: Delivery = {
  id: DeliveryId.parse('2673b7d0-d15a-40c2-9830-44bf53af7078'),
  bot_id: 'hero',
  chat_id: '7',
  channel: 'telegram',
  source: { kind: 'task', id: 't' },
  format: 'markdown',
  state: 'delivered',
  reason: null,
  detail: null,
  attempts: 0,
  maybe_duplicate: false,
  message_ids: [1],
  preview: 'Two\nlines and \u001b[31mred ones',
  created_at: 1_767_225_600.5,
  not_before: null,
  finished_at: 1_767_225_601,
  mail: null,
};

test('one that arrived takes one line, without control characters', () => {
  const text = deliveryText(delivery);
  expect(text).toMatch(
    /^2673b7d0-\S+ {2}2026-01-01 00:00:00 {2}delivered {2}hero\/7 {2}task {2}Two lines and .*\n$/,
  );
  expect(text).not.toContain('\u001b');
});

test('one that waits says why and until when, one that is dead what to do', () => {
  const waiting = { ...delivery, state: 'queued' as const, attempts: 3, not_before: 1_767_225_660 };
  expect(deliveryText({ ...waiting, detail: 'No answer.' })).toContain(
    '\n    No answer. Failed attempts: 3. It is tried again at 00:01:00 UTC.\n',
  );
  expect(deliveryText({ ...delivery, state: 'dead', detail: 'Blocked.' })).toMatch(
    /\n {4}Blocked\.\n$/,
  );
});

test('a mail says whom it is for, and its subject', () => {
  const mail = {
    message_id: '<1@example.org>',
    from: 'reports@example.org',
    to: ['ann@example.org'],
    cc: ['bob@example.org'],
    accepted: [],
    subject: 'The Morning Brief',
    attachments: [],
  };
  const text = deliveryText({ ...delivery, channel: 'mail', mail });
  expect(text).toContain('  ann@example.org,bob@example.org  task  The Morning Brief\n');
});
