import { randomUUID } from 'node:crypto';
import { ChatId, DeliveryId } from '@mini-claude-bot/contract';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/read-environment.ts';
import type { Database } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { DeliveriesRepo } from '../outbox/deliveries-repo.ts';
import type { DeliveryRow, NewDelivery } from '../outbox/delivery.ts';
import { telegramChatIdOf } from '../telegram/telegram.ts';
import { chooseTransport } from './choose-transport.ts';
import { MailWorker } from './mail-worker.ts';
import { Mailbox } from './mailbox.ts';
import { MailsRepo } from './mails-repo.ts';

/** What mail is made with. */
export interface MakeMailParts {
  readonly config: Config;
  readonly environment: Environment;
  readonly database: Database;
  readonly deliveries: DeliveriesRepo;
  /** Tells the owner's chat what could not be sent, in the present transaction. */
  readonly tell: (delivery: NewDelivery) => void;
  readonly onEnded: (row: DeliveryRow, outcome: 'delivered' | 'dead') => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Mail: where it is posted, and who sends it. */
export interface MadeMail {
  readonly mailbox: Mailbox;
  readonly mails: MailsRepo;
  readonly mailWorker: MailWorker;
}

export function makeMail(parts: MakeMailParts): MadeMail {
  const { config, environment, database, deliveries, clock, logger } = parts;
  const mails = new MailsRepo(database);
  const mailWorker = new MailWorker({
    database,
    deliveries,
    mails,
    transport: () => chooseTransport(config, environment, process.platform),
    clock,
    random: Math.random,
    logger,
    onGivenUp: (row) => {
      if (telegramChatIdOf(row.chat_id) === undefined) return;
      const subject = mails.summary(row.seq)?.subject ?? '';
      parts.tell({
        botId: row.bot_id,
        chatId: ChatId.parse(row.chat_id),
        text: `The mail “${subject}” could not be sent. ${row.detail ?? ''}\nTo try again: mini-claude-bot outbox retry ${row.id}`,
        format: 'plain',
        source: { kind: row.source_kind, id: row.source_id },
      });
    },
    onEnded: parts.onEnded,
  });
  const mailbox = new Mailbox({
    database,
    mails,
    now: clock.now,
    newDeliveryId: () => DeliveryId.parse(randomUUID()),
    wake: mailWorker.wake,
  });
  return { mailbox, mails, mailWorker };
}
