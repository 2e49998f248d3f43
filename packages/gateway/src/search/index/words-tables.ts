import type { Database } from '../../db/database.ts';
import type { Kind } from '../text/match-expression.ts';

/** The full-text index of one bot's messages, or of its memories. */
export const wordsTable = (scopeId: number): string => `words_${scopeId}`;

/** The full-text indexes of a kind. @param botId undefined: of all bots */
export const wordsTables = (database: Database, kind: Kind, botId: string | undefined): string[] =>
  database
    .prepare<[{ kind: Kind; botId: string | null }], number>(
      'SELECT id FROM search_scopes WHERE kind = :kind AND (:botId IS NULL OR bot_id = :botId)',
    )
    .pluck()
    .all({ kind, botId: botId ?? null })
    .map(wordsTable);

/** The full-text index of a bot's rows of a kind, made where there is none. To be called in a transaction. */
export function ensureWordsTable(database: Database, kind: Kind, botId: string): string {
  const [known] = wordsTables(database, kind, botId);
  if (known !== undefined) return known;
  const { lastInsertRowid } = database
    .prepare('INSERT INTO search_scopes (kind, bot_id) VALUES (?, ?)')
    .run(kind, botId);
  const table = wordsTable(Number(lastInsertRowid));
  // Rows are passages. The words come from our own tokenizer, with a space between: nothing more is cut here.
  database.exec(`CREATE VIRTUAL TABLE ${table} USING fts5(
    words, content = '', contentless_delete = 1,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co So' tokenchars '_'")`);
  return table;
}

/**
 * Remove what is left of deleted passages.
 * @returns whether there may be more
 */
export function sweepWords(database: Database, most: number): boolean {
  const stale = database
    .prepare<[number], { passage_id: number; scope_id: number }>(
      'SELECT passage_id, scope_id FROM stale_words LIMIT ?',
    )
    .all(most);
  if (stale.length === 0) return false;
  database
    .transaction(() => {
      for (const { passage_id, scope_id } of stale) {
        database.prepare(`DELETE FROM ${wordsTable(scope_id)} WHERE rowid = ?`).run(passage_id);
        database.prepare('DELETE FROM stale_words WHERE passage_id = ?').run(passage_id);
      }
    })
    .immediate();
  return true;
}
