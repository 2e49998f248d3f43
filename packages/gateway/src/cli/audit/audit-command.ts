import { BotId } from '@mini-claude-bot/contract';
import { AuditRepo } from '../../audit/audit-repo.ts';
import { deleteEntries } from '../../audit/delete-entries.ts';
import { describeEntry } from '../../audit/describe-entry.ts';
import { cliCaller } from '../cli-caller.ts';
import { type ConfigSources, readSettings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { openAudit } from './open-audit.ts';
import { entryLines } from './print-entries.ts';

/** What `mini-claude-bot audit` was asked. */
export interface AuditOptions {
  readonly json: boolean;
  readonly limit: string;
  readonly before?: string | undefined;
  readonly bot?: string | undefined;
  /** A date: entries before it are deleted, and nothing is shown. */
  readonly deleteBefore?: string | undefined;
}

/** Show the newest entries of the audit, or delete old ones. @returns the exit code */
export async function auditCommand(options: AuditOptions, sources: ConfigSources): Promise<number> {
  const { config } = readSettings(sources);
  if (options.deleteBefore !== undefined)
    return deleteOld(options.deleteBefore, config.DATABASE_PATH, options.json);
  const filter = {
    botId: options.bot === undefined ? undefined : botNamed(options.bot),
    before: options.before === undefined ? undefined : wholeNumber('--before', options.before),
    limit: wholeNumber('--limit', options.limit),
  };
  const database = openAudit(config.DATABASE_PATH, 'read');
  try {
    const entries = new AuditRepo(database).list(filter).map(describeEntry);
    const json = (): string => `${JSON.stringify(entries, undefined, 2)}\n`;
    process.stdout.write(options.json ? json() : entryLines(entries));
    return 0;
  } finally {
    database.close();
  }
}

function deleteOld(date: string, databasePath: string, json: boolean): number {
  const beforeMs = Date.parse(date);
  if (!/^\d{4}-\d\d-\d\d/.test(date) || Number.isNaN(beforeMs)) {
    throw new UserFault(
      `--delete-before: ${JSON.stringify(date)} is no date such as 2026-01-31.`,
      2,
    );
  }
  const database = openAudit(databasePath, 'write');
  try {
    const count = deleteEntries(database, { beforeMs, caller: cliCaller(), nowMs: Date.now() });
    const before = new Date(beforeMs).toISOString();
    process.stdout.write(
      json
        ? `${JSON.stringify({ deleted: count, before })}\n`
        : `Deleted ${count} entries from before ${before}.\n`,
    );
    return 0;
  } finally {
    database.close();
  }
}

function botNamed(id: string): BotId {
  const parsed = BotId.safeParse(id);
  if (parsed.success) return parsed.data;
  throw new UserFault(`--bot: ${JSON.stringify(id)} is no bot's id.`, 2);
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,9}$/.test(text)) return Number(text);
  throw new UserFault(`${option}: ${JSON.stringify(text)} is no whole number above 0.`, 2);
}
