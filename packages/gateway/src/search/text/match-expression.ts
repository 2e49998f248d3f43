import { meaningful } from './stop-words.ts';
import type { Tokenizer } from './tokens.ts';

/** What is indexed: messages of chats, and memories. */
export type Kind = 'chat' | 'memory';

/** More than that does not make a query clearer, only slower. */
const mostTerms = 48;
/** Of a very long query, the beginning. */
const longestQuery = 4_000;

/** The terms to look for, each once. */
export function queryTerms(tokenizer: Tokenizer, query: string): readonly string[] {
  const terms = new Set<string>();
  for (const { term } of tokenizer.query(query.slice(0, longestQuery))) terms.add(term);
  return meaningful([...terms]).slice(0, mostTerms);
}

/**
 * The expression for FTS5 (https://sqlite.org/fts5.html#full_text_query_syntax). Each term is a string in
 * quotes, in which nothing but a quote has a meaning; a term never has one.
 */
export const matchExpression = (terms: readonly string[]): string =>
  terms.map((term) => `"${term.replaceAll('"', '""')}"`).join(' OR ');

/** Rows that have one of the first terms and one of the second. */
export const matchBoth = (one: readonly string[], other: readonly string[]): string =>
  `(${matchExpression(one)}) AND (${matchExpression(other)})`;
