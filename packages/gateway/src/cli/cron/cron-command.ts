import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@mini-claude-bot/client';
import { BotId, CronJobId, operations } from '@mini-claude-bot/contract';
import { askGateway, givenAs } from '../ask-gateway.ts';
import { PrintableText } from '../chat/printable-text.ts';
import { type ConfigSources, readSettings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { jobsTable, previewLines, runsTable } from './cron-tables.ts';

/** Options that every cron command takes. */
export interface CronOptions {
  readonly bot?: string | undefined;
  readonly url?: string | undefined;
  readonly json: boolean;
}

/** What is asked about jobs. */
export type CronRequest =
  | { readonly kind: 'list' }
  | {
      readonly kind: 'add';
      readonly name: string;
      readonly expression: string;
      readonly command: string;
      readonly claude: boolean;
      readonly gateway: boolean;
      readonly timezone?: string | undefined;
      readonly notify?: string | undefined;
      readonly on: 'always' | 'failure' | 'change';
    }
  | { readonly kind: 'run' | 'pause' | 'resume' | 'remove'; readonly id: string }
  | { readonly kind: 'history'; readonly id: string; readonly limit: number };

interface Place {
  readonly client: Client;
  readonly bot: BotId;
}

const lookAgainMs = 200;

/** What is printed, for people and for programs, and how the command ends. */
interface Printed {
  readonly text: string;
  readonly value: unknown;
  readonly code: 0 | 1;
}

/** Ask the gateway about jobs. @returns the exit code: 1 too when the job that was run failed */
export async function cronCommand(
  request: CronRequest,
  { bot, url, json }: CronOptions,
  sources: ConfigSources,
): Promise<number> {
  const botId = givenAs(BotId, 'The bot', bot ?? readSettings(sources).config.MCB_BOT_ID);
  const { text, value, code } = await askGateway(url, sources, (client) =>
    perform(request, { client, bot: botId }),
  );
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
  return code;
}

async function perform(request: CronRequest, place: Place): Promise<Printed> {
  switch (request.kind) {
    case 'list':
      return list(place);
    case 'add':
      return add(request, place);
    case 'run':
      return run(jobId(request.id), place);
    case 'remove':
      return remove(jobId(request.id), place);
    case 'pause':
    case 'resume':
      return setEnabled(request.kind, jobId(request.id), place);
    case 'history':
      return history(jobId(request.id), request.limit, place);
  }
}

async function list({ client, bot }: Place): Promise<Printed> {
  const jobs = await client.call(operations.listCronJobs, { bot_id: bot });
  const none = `The bot ${bot} has no jobs. Make one with: mini-claude-bot cron add`;
  return { text: jobs.length === 0 ? none : jobsTable(jobs), value: jobs, code: 0 };
}

async function add(
  request: Extract<CronRequest, { kind: 'add' }>,
  { client, bot }: Place,
): Promise<Printed> {
  const { name, expression, command, claude, gateway, timezone, notify, on } = request;
  const made = await client.call(operations.createCronJob, {
    name,
    cron_expression: expression,
    command,
    job_type: claude ? 'claude' : gateway ? 'gateway' : 'shell',
    bot_id: bot,
    notify: on,
    ...(timezone === undefined ? {} : { timezone }),
    ...(notify === undefined ? {} : { notify_chat_id: notify }),
  });
  const preview = await client.call(operations.previewCron, {
    expression,
    n: 3,
    ...(timezone === undefined ? {} : { timezone }),
  });
  const text = [`Job ${made.id} is there.`, ...previewLines(preview)].join('\n');
  return { text, value: { ...made, ...preview }, code: 0 };
}

/** It may take longer than a connection lives: it is only begun, and looked at until it has ended. */
async function run(job_id: CronJobId, { client }: Place): Promise<Printed> {
  const { run_id } = await client.call(operations.runCronJob, { job_id, prefer: 'respond-async' });
  for (;;) {
    const page = { job_id, before: run_id + 1, limit: 1 };
    const [row] = await client.call(operations.cronHistory, page);
    if (row?.id !== run_id) throw new UserFault('The job was deleted meanwhile.');
    if (row.success !== null) {
      const text = new PrintableText().clean(row.result ?? row.why ?? '');
      return { text, value: row, code: row.success === 1 ? 0 : 1 };
    }
    await sleep(lookAgainMs);
  }
}

async function remove(job_id: CronJobId, { client }: Place): Promise<Printed> {
  const value = await client.call(operations.deleteCronJob, { job_id });
  return { text: `Job ${job_id} is deleted.`, value, code: 0 };
}

async function setEnabled(
  kind: 'pause' | 'resume',
  job_id: CronJobId,
  { client }: Place,
): Promise<Printed> {
  const operation = kind === 'pause' ? operations.pauseCronJob : operations.resumeCronJob;
  const job = await client.call(operation, { job_id });
  return { text: jobsTable([job]), value: job, code: 0 };
}

async function history(job_id: CronJobId, limit: number, { client }: Place): Promise<Printed> {
  const runs = await client.call(operations.cronHistory, { job_id, limit });
  const text = runs.length === 0 ? 'It has not run yet.' : runsTable(runs);
  return { text, value: runs, code: 0 };
}

function jobId(text: string): CronJobId {
  const parsed = CronJobId.safeParse(/^\d+$/.test(text) ? Number(text) : undefined);
  if (parsed.success) return parsed.data;
  throw new UserFault(`${JSON.stringify(text)} is no job: its number is in the list.`, 2);
}
