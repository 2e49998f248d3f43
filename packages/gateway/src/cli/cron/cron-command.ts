import { type Client, createClient, UnreachableError } from '@mini-claude-bot/client';
import { CronJobId, GatewayError, operations } from '@mini-claude-bot/contract';
import { PrintableText } from '../chat/printable-text.ts';
import { gatewayPlace } from '../gateway-address.ts';
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
      readonly timezone?: string | undefined;
      readonly notify?: string | undefined;
      readonly on: 'always' | 'failure' | 'change';
    }
  | { readonly kind: 'run' | 'pause' | 'resume'; readonly id: string }
  | { readonly kind: 'history'; readonly id: string; readonly limit: number };

interface Place {
  readonly client: Client;
  readonly bot: string;
}

/** What is printed, for people and for programs, and how the command ends. */
interface Printed {
  readonly text: string;
  readonly value: unknown;
  readonly code: 0 | 1;
}

/** Ask the gateway about jobs. @returns the exit code: 1 too when the job that was run failed */
export async function cronCommand(
  request: CronRequest,
  options: CronOptions,
  sources: ConfigSources,
): Promise<number> {
  const settings = readSettings(sources);
  const { url, token } = gatewayPlace(options.url, settings);
  const place = {
    client: createClient({ baseUrl: url, token }),
    bot: options.bot ?? settings.config.MCB_BOT_ID,
  };
  try {
    const { text, value, code } = await perform(request, place);
    process.stdout.write(options.json ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
    return code;
  } catch (error) {
    throw explained(error, url);
  }
}

async function perform(request: CronRequest, place: Place): Promise<Printed> {
  switch (request.kind) {
    case 'list':
      return list(place);
    case 'add':
      return add(request, place);
    case 'run':
      return run(jobId(request.id), place);
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
  const { name, expression, command, claude, timezone, notify, on } = request;
  const made = await client.call(operations.createCronJob, {
    name,
    cron_expression: expression,
    command,
    job_type: claude ? 'claude' : 'shell',
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

async function run(job_id: CronJobId, { client }: Place): Promise<Printed> {
  const ended = await client.call(operations.runCronJob, { job_id });
  const failed = ended.state !== 'succeeded';
  return { text: new PrintableText().clean(ended.result), value: ended, code: failed ? 1 : 0 };
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

function explained(error: unknown, url: string): unknown {
  if (error instanceof UnreachableError) {
    return new UserFault(`No gateway answers at ${url}. Start it with: mini-claude-bot start`);
  }
  if (error instanceof GatewayError) return new UserFault(`Refused: ${error.message}`);
  return error;
}
