import {
  type BotId,
  GatewayError,
  type Memory,
  type ValidationIssue,
} from '@mini-claude-bot/contract';
import { z } from 'zod';
import type { MemoryRepo } from './memory-repo.ts';

/** How memories are written as one text. */
export type TransferFormat = 'json' | 'csv';

const columns = ['key', 'content', 'category', 'created_at', 'updated_at'] as const;

const filled = z.string().refine((text) => text.trim() !== '' && !text.includes('\0'), {
  error: 'must not be empty',
});

/** One memory of such a text; what else stands there is passed over. */
const Written = z.object({
  key: filled,
  content: filled,
  category: z
    .string()
    .nullish()
    .transform((text) => text?.trim() || 'general'),
});
type Written = z.output<typeof Written>;

/** Faults that are told at once; more say no more. */
const mostFaults = 50;

/**
 * What a spreadsheet would take for a formula, and run: written with an apostrophe before it, which is taken away again
 * (https://owasp.org/www-community/attacks/CSV_Injection). What begins with apostrophes itself gets one more.
 */
const formula = /^'*[=+\-@\t\r]/;

/** What became of an import, or would. */
export interface Imported {
  readonly added: number;
  readonly replaced: number;
  readonly skipped: number;
}

/** All memories as one text. */
export async function writeMemories(
  memories: readonly Memory[],
  format: TransferFormat,
): Promise<string> {
  const rows = memories.map((memory) =>
    Object.fromEntries(columns.map((name) => [name, memory[name]])),
  );
  if (format === 'json') return `${JSON.stringify(rows, undefined, 2)}\n`;
  // Loaded when somebody asks for it: hardly anybody does.
  const { default: papa } = await import('papaparse');
  return `${papa.unparse(rows, { columns: [...columns], newline: '\r\n', escapeFormulae: formula })}\r\n`;
}

/** @throws GatewayError `invalid_input` that names each row that can't be taken */
export async function readMemories(content: string, format: TransferFormat): Promise<Written[]> {
  const rows = format === 'json' ? rowsOfJson(content) : await rowsOfCsv(content);
  const issues: ValidationIssue[] = [];
  const lines = new Map<string, number>();
  const memories = rows.flatMap((row, n) => {
    const parsed = Written.safeParse(row);
    if (!parsed.success) {
      issues.push(...parsed.error.issues.map(({ path, message }) => issue(message, n, path)));
      return [];
    }
    const { key } = parsed.data;
    const before = lines.get(key);
    if (before !== undefined) issues.push(issue(`has the key of row ${before + 1}`, n, ['key']));
    lines.set(key, n);
    return [parsed.data];
  });
  if (issues.length > 0) throw invalid(issues);
  return memories;
}

/**
 * Take all of them, or none.
 * @param at ISO 8601
 */
export function importMemories(
  repo: MemoryRepo,
  botId: BotId,
  memories: readonly Written[],
  { onConflict, dryRun, at }: { onConflict: 'skip' | 'replace'; dryRun: boolean; at: string },
): Imported {
  return repo.together(() => {
    const known = new Map(repo.list(botId, undefined).map(({ key, id }) => [key, id]));
    let [added, replaced, skipped] = [0, 0, 0];
    for (const { key, content, category } of memories) {
      const id = known.get(key);
      if (id === undefined) {
        added += 1;
        if (!dryRun) repo.add({ botId, key, content, category, at });
      } else if (onConflict === 'skip') {
        skipped += 1;
      } else {
        replaced += 1;
        if (!dryRun) repo.update(id, botId, { content, category, at });
      }
    }
    return { added, replaced, skipped };
  });
}

function rowsOfJson(content: string): unknown[] {
  let json: unknown;
  try {
    json = JSON.parse(content);
  } catch (error) {
    throw invalid([issue(`is not JSON: ${error instanceof Error ? error.message : error}`)]);
  }
  if (Array.isArray(json)) return json;
  throw invalid([issue('must be a list of memories')]);
}

async function rowsOfCsv(content: string): Promise<unknown[]> {
  const { default: papa } = await import('papaparse');
  const { data, errors, meta } = papa.parse<unknown>(content.replace(/^\ufeff/, ''), {
    header: true,
    skipEmptyLines: 'greedy',
    transformHeader: (name) => name.trim().toLowerCase(),
    transform: (value) =>
      value.startsWith("'") && formula.test(value.slice(1)) ? value.slice(1) : value,
  });
  const missing = ['key', 'content'].filter((name) => !meta.fields?.includes(name));
  if (missing.length > 0)
    throw invalid([issue(`has no column ${missing.join(', nor ')}: the first line names them`)]);
  // Which character separates the columns can't be told from a single one; it does not matter then.
  const faults = errors.filter(({ type }) => type !== 'Delimiter');
  if (faults.length > 0)
    throw invalid(faults.map(({ message, row }) => issue(message.toLowerCase(), row)));
  return data;
}

const issue = (msg: string, row?: number, path: readonly PropertyKey[] = []): ValidationIssue => ({
  loc: ['body', 'content', ...(row === undefined ? [] : [row]), ...path.map(String)],
  msg: row === undefined ? msg : `row ${row + 1} ${path.map(String).join('.')}: ${msg}`,
  type: 'custom',
});

function invalid(issues: readonly ValidationIssue[]): GatewayError {
  const shown = issues.slice(0, mostFaults);
  const words = shown.map(({ msg }) => msg).join('; ');
  const more = issues.length > shown.length ? `; and ${issues.length - shown.length} more` : '';
  return new GatewayError('invalid_input', `Nothing was imported. ${words}${more}`, {
    issues: shown,
  });
}
