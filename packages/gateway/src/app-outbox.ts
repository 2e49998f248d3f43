import { randomUUID } from 'node:crypto';
import { DeliveryId } from '@mini-claude-bot/contract';
import type { Config } from './config/config.ts';
import type { Environment } from './config/read-environment.ts';
import type { Database } from './db/database.ts';
import type { Clock } from './host/clock.ts';
import type { Logger } from './host/logger.ts';
import { makeMail } from './mail/make-mail.ts';
import { BotPauses } from './outbox/bot-pauses.ts';
import { BotTokens } from './outbox/bot-tokens.ts';
import { ChatFiles } from './outbox/chat-files.ts';
import { DeliveriesRepo } from './outbox/deliveries-repo.ts';
import { DeliveryWorker, type DeliveryWorkerParts } from './outbox/delivery-worker.ts';
import { FilesRepo } from './outbox/files-repo.ts';
import { Outbox } from './outbox/outbox.ts';
import { PartsRepo } from './outbox/parts-repo.ts';
import { ProgressBoard } from './outbox/progress-board.ts';
import { ProgressRepo } from './outbox/progress-repo.ts';
import type { KnownSecrets } from './secrets/known-secrets.ts';
import type { SecretBox } from './secrets/secret-box.ts';
import type { ChatSessions } from './sessions/chat-sessions.ts';
import { TelegramClient } from './telegram/telegram-client.ts';
import type { Tracer } from './trace/tracer.ts';

/** How long a message that is on its way has to arrive when the gateway ends. */
const sendGraceMs = 5_000;

/** What deliveries are made from. */
export interface OutboxParts {
  readonly config: Config;
  readonly environment: Environment;
  readonly database: Database;
  readonly box: SecretBox;
  readonly sessions: ChatSessions;
  readonly secrets: KnownSecrets;
  readonly tracer: Tracer;
  readonly onEnded: NonNullable<DeliveryWorkerParts['onEnded']>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is told to chats and people, and what sends it. */
export function composeOutbox(parts: OutboxParts) {
  const { config, environment, database, box, secrets, tracer, onEnded, clock, logger } = parts;
  const { now } = clock;
  const deliveries = new DeliveriesRepo(database, tracer.current);
  const deliveryParts = new PartsRepo(database);
  const files = new FilesRepo(database);
  const botTokens = new BotTokens({
    database,
    box,
    now,
    logger,
    defaultToken: config.TELEGRAM_BOT_TOKEN,
    onNew: (botId) => outbox.tokenArrived(botId),
  });
  const telegram = new TelegramClient(config.TELEGRAM_API_ROOT, clock);
  const sending = { tokens: botTokens, telegram, pauses: new BotPauses(), clock, logger };
  const progress = new ProgressBoard({ ...sending, repo: new ProgressRepo(database) });
  const deliveryWorker = new DeliveryWorker({
    ...sending,
    tracer,
    database,
    deliveries,
    parts: deliveryParts,
    files,
    random: Math.random,
    onDelivered: () => progress.settle(),
    onEnded,
  });
  const outbox = new Outbox({
    deliveries,
    progress,
    now,
    newDeliveryId: () => DeliveryId.parse(randomUUID()),
    wake: () => {
      for (const sender of senders) sender.wake();
    },
  });
  const mail = makeMail({
    config,
    environment,
    database,
    deliveries,
    tell: (delivery) => outbox.enqueue(delivery),
    onEnded,
    clock,
    logger,
  });
  const senders = [deliveryWorker, mail.mailWorker] as const;
  return {
    outbox,
    deliveries,
    deliveryParts,
    botTokens,
    chatFiles: new ChatFiles({ database, sessions: parts.sessions, outbox, files, secrets }),
    mail,
    senders,
    start: (): void => {
      for (const sender of senders) sender.start();
      progress.settle();
    },
    close: async (graceMs: number): Promise<void> => {
      const parting = Math.min(graceMs, sendGraceMs);
      await Promise.all(senders.map((sender) => sender.close(parting)));
      await progress.close();
    },
  };
}
