// An outbox alone in a process that is there to be killed: node outbox-host.js DATABASE API_ROOT PLAN
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ChatId } from '@mini-claude-bot/contract';
import { z } from 'zod';
import { openDatabase } from '../../src/db/open-database.ts';
import { systemClock } from '../../src/host/clock.ts';
import { bot, openOutbox, testToken } from '../../src/outbox/test-outbox.ts';

const Plan = z.array(z.object({ chatId: ChatId, text: z.string(), afterMs: z.number() }));
const [databasePath = '', apiRoot = '', planPath = ''] = process.argv.slice(2);

const database = openDatabase(databasePath);
database.exec('CREATE TABLE IF NOT EXISTS results (n INTEGER PRIMARY KEY, delivery TEXT NOT NULL)');
const { outbox, worker, tokens } = openOutbox(database, apiRoot, systemClock);
tokens.remember(bot, testToken);
worker.start();
process.stdout.write('ready\n');

const plan = Plan.parse(JSON.parse(readFileSync(planPath, 'utf8')));
const done = database.prepare<[], number>('SELECT count(*) FROM results').pluck().get() ?? 0;
const addResult = database.prepare('INSERT INTO results (n, delivery) VALUES (?, ?)');
for (const [index, { chatId, text, afterMs }] of plan.entries()) {
  if (index < done) continue;
  await sleep(afterMs);
  // As a task ends: its result and the delivery of it, both or neither.
  database.transaction(() => {
    const source = { kind: 'task' as const, id: String(index) };
    const id = outbox.enqueue({ botId: bot, chatId, text, format: 'markdown', source });
    addResult.run(index, id);
  })();
}
const open = database.prepare("SELECT 1 FROM deliveries WHERE state IN ('queued', 'sending')");
while (open.get() !== undefined) await sleep(5);
await worker.close(1000);
database.close();
