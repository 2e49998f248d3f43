import { operations } from '@mini-claude-bot/contract';
import type { MailSummary, MailsRepo } from '../mail/mails-repo.ts';
import type { ChatFiles } from '../outbox/chat-files.ts';
import type { DeliveryRow } from '../outbox/delivery.ts';
import { describeDelivery, describePart } from '../outbox/describe-delivery.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { PartsRepo } from '../outbox/parts-repo.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes of the outbox call. */
export interface OutboxRouteParts {
  readonly outbox: Outbox;
  readonly chatFiles: ChatFiles;
  readonly deliveryParts: PartsRepo;
  readonly mails: Pick<MailsRepo, 'summary'>;
}

export function bindOutboxRoutes(
  binder: OperationBinder,
  { outbox, chatFiles, deliveryParts, mails }: OutboxRouteParts,
): void {
  const mailOf = ({ channel, seq }: DeliveryRow): MailSummary | undefined =>
    channel === 'mail' ? mails.summary(seq) : undefined;

  binder.bind(
    operations.listDeliveries,
    ({ bot_id, chat_id, state, source, channel, before, limit }, { caller }) => {
      const botId = bot_id ?? caller.botId;
      return outbox
        .list({ botId, chatId: chat_id, state, source, channel, before, limit })
        .map((row) => describeDelivery(row, deliveryParts.of(row.seq), mailOf(row)));
    },
  );

  binder.bind(operations.getDelivery, ({ delivery_id }, { caller }) => {
    const row = outbox.find(delivery_id, caller.botId);
    const parts = deliveryParts.of(row.seq);
    return {
      ...describeDelivery(row, parts, mailOf(row)),
      text: row.text,
      parts: parts.map(describePart),
    };
  });

  binder.bind(operations.retryDelivery, ({ delivery_id }, { caller }) =>
    outbox.retry(delivery_id, caller.botId),
  );

  binder.bind(operations.sendFile, async ({ bot_id, chat_id, path, caption }) => ({
    delivery_id: await chatFiles.send({ botId: bot_id, chatId: chat_id }, path, caption),
  }));
}
