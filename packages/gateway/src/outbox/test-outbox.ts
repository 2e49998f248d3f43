import { randomBytes, randomUUID } from 'node:crypto';
import { BotId, ChatId, DeliveryId } from '@mini-claude-bot/contract';
import { type FakeTelegram, startFakeTelegram } from '@mini-claude-bot/fake-telegram';
import pino from 'pino';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import type { Clock } from '../host/clock.ts';
import { keyBytes, SecretBox } from '../secrets/secret-box.ts';
import { TelegramClient } from '../telegram/telegram-client.ts';
import { noTracer } from '../trace/tracer.ts';
import { BotPauses } from './bot-pauses.ts';
import { BotTokens } from './bot-tokens.ts';
import { DeliveriesRepo } from './deliveries-repo.ts';
import type { NewDelivery } from './delivery.ts';
import { DeliveryWorker } from './delivery-worker.ts';
import { FilesRepo } from './files-repo.ts';
import { Outbox } from './outbox.ts';
import { PartsRepo } from './parts-repo.ts';
import { ProgressBoard } from './progress-board.ts';
import { ProgressRepo } from './progress-repo.ts';

export const testToken = '4711:AAF-a-token-of-the-tests-000000';
export const bot = BotId.parse('hero');
export const chat = (id: string) => ({ botId: bot, chatId: ChatId.parse(id) });
export const tell = (text: string, chatId = '7'): NewDelivery => ({
  ...chat(chatId),
  text,
  format: 'markdown',
  source: { kind: 'task', id: 't' },
});

/** One life of an outbox on a database. */
export interface TestOutbox {
  readonly outbox: Outbox;
  readonly worker: DeliveryWorker;
  readonly progress: ProgressBoard;
  readonly tokens: BotTokens;
  readonly parts: PartsRepo;
  readonly files: FilesRepo;
  readonly deliveries: DeliveriesRepo;
  /** What was logged, as one text. */
  readonly logged: () => string;
}

const box = new SecretBox(randomBytes(keyBytes));

/** The real outbox; it sends nothing before `worker.start()`. */
export function openOutbox(database: Database, apiRoot: string, clock: Clock): TestOutbox {
  const lines: string[] = [];
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const deliveries = new DeliveriesRepo(database);
  const parts = new PartsRepo(database);
  const files = new FilesRepo(database);
  const tokens = new BotTokens({
    database,
    box,
    now: clock.now,
    logger,
    defaultToken: undefined,
    onNew: (botId) => outbox.tokenArrived(botId),
  });
  const telegram = new TelegramClient(apiRoot, clock);
  const sending = { tokens, telegram, pauses: new BotPauses(), clock, logger };
  const progress = new ProgressBoard({ ...sending, repo: new ProgressRepo(database) });
  const onDelivered = (): void => progress.settle();
  const random = (): number => 0.5;
  const worker = new DeliveryWorker({
    tracer: noTracer,
    ...sending,
    database,
    deliveries,
    parts,
    files,
    random,
    onDelivered,
  });
  const newDeliveryId = (): DeliveryId => DeliveryId.parse(randomUUID());
  const outbox = new Outbox({
    deliveries,
    progress,
    now: clock.now,
    newDeliveryId,
    wake: worker.wake,
  });
  return {
    outbox,
    worker,
    progress,
    tokens,
    parts,
    files,
    deliveries,
    logged: () => lines.join(''),
  };
}

/** An outbox with a Telegram of its own, which sends from the start. */
export async function startTestOutbox(
  clock: Clock,
): Promise<TestOutbox & { fake: FakeTelegram; database: Database; stop: () => Promise<void> }> {
  const fake = await startFakeTelegram();
  const database = openDatabase(':memory:');
  const rig = openOutbox(database, fake.url, clock);
  rig.tokens.remember(bot, testToken);
  rig.worker.start();
  const stop = async (): Promise<void> => {
    const closing = rig.worker.close(0);
    await fake.close();
    await closing;
    await rig.progress.close();
    database.close();
  };
  return { ...rig, fake, database, stop };
}
