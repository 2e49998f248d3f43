import { GatewayError } from '@mini-claude-bot/contract';
import type { More } from './result-schema.ts';

/** Characters of JSON that one answer may have: less than what clients refuse or put away in a file. */
export const longestAnswer = 20_000;

/** Answers whose rest can still be asked for. */
const mostKept = 20;
const mostKeptCharacters = 16_000_000;

type Part = { readonly items: readonly unknown[] } | { readonly text: string };

/** One part of a long answer. */
export type AnswerPart = Part & {
  readonly answer: string;
  readonly part: number;
  readonly parts: number;
};

const sizeOf = (value: unknown): number => JSON.stringify(value)?.length ?? 0;

/** Cuts answers that are too long, and keeps the rest for a while. */
export class LongAnswers {
  readonly #kept = new Map<string, readonly Part[]>();
  #made = 0;

  /** An object as it is, or with its longest parts shortened. */
  fitObject(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
    if (sizeOf(value) <= longestAnswer) return { ...value };
    const parts = pieces(JSON.stringify(value, undefined, 1)).map((text) => ({ text }));
    const how = 'Long texts in it were shortened. read_more gives the whole answer, part by part.';
    return { ...shorten(value), more: this.#keep(parts, 1, how) };
  }

  /** A list as it is, or as much of it as fits. */
  fitList(items: readonly unknown[]): Record<string, unknown> {
    const total = items.length;
    const parts = chunks(items.map((item) => (isRecord(item) ? this.fitObject(item) : item)));
    const [first = { items: [] }] = parts;
    if (parts.length <= 1) return { ...first, total };
    const how = `These are the first ${first.items.length} of ${total}. read_more gives those that follow.`;
    return { ...first, total, more: this.#keep(parts, 2, how) };
  }

  /** @throws GatewayError `not_found` */
  read(answer: string, part: number): AnswerPart {
    const parts = this.#kept.get(answer);
    const found = parts?.[part - 1];
    if (parts !== undefined && found !== undefined)
      return { answer, part, parts: parts.length, ...found };
    const words =
      parts === undefined
        ? `The answer ${JSON.stringify(answer)} is not kept any more. Ask again, for less if you can.`
        : `The answer has the parts 1 to ${parts.length}.`;
    throw new GatewayError('not_found', words);
  }

  #keep(parts: readonly Part[], part: number, how: string): More {
    this.#made += 1;
    const answer = `a${this.#made}`;
    this.#kept.set(answer, parts);
    for (const [oldest] of this.#kept) {
      if (oldest === answer) break;
      if (this.#kept.size <= mostKept && sizeOf([...this.#kept]) <= mostKeptCharacters) break;
      this.#kept.delete(oldest);
    }
    return { answer, part, parts: parts.length, how };
  }
}

/** Items together, as many as fit; one that is too long by itself stands alone. */
function chunks(items: readonly unknown[]): { items: unknown[] }[] {
  const found: { items: unknown[] }[] = [];
  let room = 0;
  for (const item of items) {
    const size = sizeOf(item) + 1;
    const last = found.at(-1);
    if (last === undefined || size > room) {
      found.push({ items: [item] });
      room = longestAnswer - size;
    } else {
      last.items.push(item);
      room -= size;
    }
  }
  return found;
}

/** A text in pieces that fit, none of them beginning or ending with half a character. */
function pieces(text: string): string[] {
  const found: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = start + longestAnswer;
    const cut = isHalf(text.charCodeAt(end - 1)) ? end - 1 : end;
    found.push(text.slice(start, cut));
    start = cut;
  }
  return found;
}

/** The first half of a character that has two. */
const isHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** Ever harder, until it fits: longest texts, then longest lists. */
const measures = [
  { text: 8_000, list: Number.POSITIVE_INFINITY },
  { text: 2_000, list: Number.POSITIVE_INFINITY },
  { text: 500, list: Number.POSITIVE_INFINITY },
  { text: 500, list: 20 },
  { text: 200, list: 5 },
  { text: 200, list: 1 },
] as const;

function shorten(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let short: Record<string, unknown> = { ...value };
  for (const measure of measures) {
    short = Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [name, shortenValue(inner, measure)]),
    );
    if (sizeOf(short) <= longestAnswer) break;
  }
  return short;
}

function shortenValue(value: unknown, measure: { text: number; list: number }): unknown {
  if (typeof value === 'string') return shortenText(value, measure.text);
  if (Array.isArray(value))
    return value.slice(0, measure.list).map((item) => shortenValue(item, measure));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, shortenValue(inner, measure)]),
  );
}

function shortenText(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const end = isHalf(text.charCodeAt(longest - 1)) ? longest - 1 : longest;
  return `${text.slice(0, end)} … [${text.length - end} more characters]`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
