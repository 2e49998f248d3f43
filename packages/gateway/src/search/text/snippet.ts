import type { Snippet } from '@mini-claude-bot/contract';
import type { Token, Tokenizer } from './tokens.ts';

const longest = 240;

/**
 * The part of a passage where most of what was looked for stands together, with the places marked.
 * @param start,end the passage within its text, in UTF-16 units
 */
export function snippetOf(
  tokenizer: Tokenizer,
  text: string,
  { start, end }: { readonly start: number; readonly end: number },
  terms: ReadonlySet<string>,
): Snippet {
  const passage = text.slice(start, end);
  const found = [...tokenizer.index(passage)].filter(({ term }) => terms.has(term));
  const from = beginning(passage, densest(found));
  const to = whole(passage, Math.min(passage.length, from + longest));
  return {
    text: passage.slice(from, to),
    marks: marksWithin(found, from, to),
    cut_before: start + from > 0,
    cut_after: start + to < text.length,
  };
}

/** Where the window begins that has the most different terms. */
function densest(found: readonly Token[]): number {
  let best = { terms: 0, start: 0 };
  for (const { start } of found) {
    const inside = found.filter((token) => token.start >= start && token.end <= start + longest);
    const terms = new Set(inside.map(({ term }) => term)).size;
    if (terms > best.terms) best = { terms, start };
  }
  return best.start;
}

/** A little before it, at the beginning of a word. */
function beginning(passage: string, at: number): number {
  const from = Math.max(0, Math.min(at - 40, passage.length - longest));
  if (from === 0) return 0;
  const space = /\s(?=\S)/.exec(passage.slice(from, Math.max(from, at)));
  return space === null ? whole(passage, from) : from + space.index + 1;
}

const whole = (text: string, at: number): number => {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
};

/** Marks that touch become one: a word and the pairs within it. */
function marksWithin(found: readonly Token[], from: number, to: number): Snippet['marks'] {
  const inside = found
    .filter(({ start, end }) => start >= from && end <= to)
    .map(({ start, end }) => ({ start: start - from, end: end - from }))
    .sort((a, b) => a.start - b.start);
  const marks: Snippet['marks'] = [];
  for (const mark of inside) {
    const last = marks.at(-1);
    if (last !== undefined && mark.start <= last.end) last.end = Math.max(last.end, mark.end);
    else marks.push(mark);
  }
  return marks;
}
