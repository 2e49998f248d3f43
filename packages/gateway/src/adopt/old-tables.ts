import { homedir } from 'node:os';
import { dirname, isAbsolute, resolve, sep } from 'node:path';
import { BotId, ChatId, defaultBotId } from '@mini-claude-bot/contract';
import { asReal, asText, asWhole } from './old-values.ts';
import type { OldRow } from './read-rows.ts';

/** What a column takes. */
export type Cell = string | number | null;
export type Cells = Readonly<Record<string, Cell>>;

/** A row as it comes over, and the columns that held what they can't, and got something in its place. */
export type Converted =
  | { readonly kind: 'row'; readonly cells: Cells; readonly mended: readonly string[] }
  | { readonly kind: 'refused'; readonly why: string };

/** What rows are converted with. */
export interface Conversion {
  /** For times that are missing. ISO 8601. */
  readonly now: string;
  /** The last row of the table that came over. */
  readonly before: Cells | undefined;
}

/** A table of the old system, at its last version. Earlier versions lack columns, or the whole table. */
export interface OldTable {
  readonly name: string;
  /** The version of the old system that had it first. */
  readonly since: number;
  readonly columns: readonly string[];
  readonly convert: (row: OldRow, conversion: Conversion) => Converted;
}

/** Gathers a row's cells; what is missing and can't be done without ends it. */
class RowReader {
  readonly cells: Record<string, Cell> = {};
  readonly mended: string[] = [];
  readonly #row: OldRow;
  #why: string | undefined;

  constructor(row: OldRow) {
    this.#row = row;
  }

  /** A value that must be there. */
  needed(column: string, read: (value: unknown) => Cell | undefined): this {
    const value = read(this.#row[column]);
    if (value === undefined) this.#why ??= `it has no usable ${column}`;
    else this.cells[column] = value;
    return this;
  }

  /** A value that has something usual in its place. A column that its version lacks is no fault. */
  usual(column: string, read: (value: unknown) => Cell | undefined, otherwise: Cell): this {
    const given = this.#row[column];
    const value = read(given);
    this.cells[column] = value ?? otherwise;
    const isAsItWas =
      value !== undefined || given === undefined || (given === null && otherwise === null);
    if (!isAsItWas) this.mended.push(column);
    return this;
  }

  done(): Converted {
    if (this.#why !== undefined) return { kind: 'refused', why: this.#why };
    return { kind: 'row', cells: this.cells, mended: this.mended };
  }
}

const filledText = (value: unknown): string | undefined => asText(value) || undefined;
const flag = (value: unknown): number | undefined => {
  const number = asWhole(value);
  return number === 0 || number === 1 ? number : undefined;
};
const oneOf =
  (...known: readonly string[]) =>
  (value: unknown): string | undefined => {
    const text = asText(value)?.trim();
    return text !== undefined && known.includes(text) ? text : undefined;
  };
const chatId = (value: unknown): string | undefined => ChatId.safeParse(asText(value)).data;
/** Versions without bots had one, which became `default`; what another bot's was is never given to that one. */
const botId = (value: unknown): string | undefined =>
  value === undefined || value === null ? defaultBotId : BotId.safeParse(asText(value)).data;
const rowNumber = (value: unknown): number | undefined => {
  const number = asWhole(value);
  return number !== undefined && number > 0 ? number : undefined;
};
const directory = (value: unknown): string | undefined => {
  const path = asText(value);
  if (path === undefined || !isAbsolute(path) || path.includes('\0')) return undefined;
  return isNobodysElse(resolve(path)) ? path : undefined;
};

/** A chat's directory, and the one above it, are closed to others: that may be no place of the system's, nor a home. */
function isNobodysElse(path: string): boolean {
  const [home, above] = [homedir(), dirname(path)];
  if (path === home || home.startsWith(path === sep ? sep : path + sep)) return false;
  return above === home || dirname(dirname(above)) !== dirname(above);
}

/** In the order in which they are written: runs belong to jobs. */
export const oldTables: readonly OldTable[] = [
  {
    name: 'chat_messages',
    since: 1,
    columns: [
      'id',
      'session_id',
      'role',
      'content',
      'source',
      'telegram_chat_id',
      'user_id',
      'username',
      'created_at',
      'bot_id',
    ],
    convert: (row, { before, now }) =>
      new RowReader(row)
        .needed('id', rowNumber)
        .needed('session_id', filledText)
        .needed('role', oneOf('user', 'assistant'))
        .needed('content', asText)
        .usual('source', filledText, 'telegram')
        .usual('telegram_chat_id', asWhole, null)
        .usual('user_id', asText, null)
        .usual('username', asText, null)
        // They are written in the order of their times.
        .usual('created_at', filledText, before?.created_at ?? now.slice(0, 19).replace('T', ' '))
        .needed('bot_id', botId)
        .done(),
  },
  {
    name: 'memory',
    since: 1,
    columns: ['id', 'key', 'content', 'category', 'created_at', 'updated_at', 'bot_id'],
    convert: (row, { now }) =>
      new RowReader(row)
        .needed('id', rowNumber)
        .needed('key', filledText)
        .needed('content', asText)
        .usual('category', filledText, 'general')
        .usual('created_at', filledText, now)
        .usual('updated_at', filledText, now)
        .needed('bot_id', botId)
        .done(),
  },
  {
    name: 'cron_jobs',
    since: 1,
    columns: [
      'id',
      'name',
      'cron_expression',
      'command',
      'job_type',
      'enabled',
      'last_run_at',
      'last_result',
      'timezone',
      'created_at',
      'updated_at',
      'bot_id',
    ],
    convert: (row, { now }) =>
      new RowReader(row)
        .needed('id', rowNumber)
        .needed('name', filledText)
        .needed('cron_expression', filledText)
        .needed('command', filledText)
        // What is neither is better not run as a command.
        .needed('job_type', (value) => (value === null ? 'shell' : oneOf('shell', 'claude')(value)))
        // Better off by mistake than on: its owner sees that something was mended.
        .usual('enabled', flag, 0)
        .usual('last_run_at', filledText, null)
        .usual('last_result', asText, null)
        .usual('timezone', filledText, null)
        .usual('created_at', filledText, now)
        .usual('updated_at', filledText, now)
        .needed('bot_id', botId)
        .done(),
  },
  {
    name: 'cron_job_runs',
    since: 4,
    columns: ['id', 'job_id', 'started_at', 'finished_at', 'result', 'success'],
    convert: (row) =>
      new RowReader(row)
        .needed('id', rowNumber)
        .needed('job_id', rowNumber)
        .needed('started_at', filledText)
        .usual('finished_at', filledText, null)
        .usual('result', asText, null)
        .usual('success', flag, null)
        .done(),
  },
  {
    name: 'gateway_sessions',
    since: 3,
    columns: [
      'bot_id',
      'chat_id',
      'cwd',
      'first_done',
      'last_active',
      'created_at',
      'nirmana_mode',
      'nirmana_activated_at',
    ],
    convert: (row, { now }) =>
      new RowReader(row)
        .needed('bot_id', botId)
        .needed('chat_id', chatId)
        .needed('cwd', directory)
        .usual('first_done', flag, 0)
        .usual('last_active', asReal, 0)
        .usual('created_at', filledText, now.slice(0, 19).replace('T', ' '))
        .usual('nirmana_mode', flag, 0)
        .usual('nirmana_activated_at', asReal, 0)
        .done(),
  },
];

/** Whose rows are taken over otherwise, or say nothing to anybody but SQLite. */
export const isKnownTable = (name: string): boolean =>
  oldTables.some((table) => table.name === name) ||
  name === '_schema_version' ||
  /^(chat|memory)_embeddings(_|$)/.test(name) ||
  name.startsWith('sqlite_');
