import { termOf } from './fold.ts';

/** A word of a text, and where it stands, in UTF-16 units. */
export interface Token {
  readonly term: string;
  readonly start: number;
  readonly end: number;
}

/** Scripts that put no spaces between words. */
const unspaced = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー々〇';
const letters = `[[\\p{L}\\p{N}_]--[${unspaced}]]`;
const runs = new RegExp(
  `(?<cjk>[${unspaced}]+)|(?<word>${letters}(?:${letters}|\\p{M})*)|\\p{Extended_Pictographic}`,
  'gv',
);
/** `getUserName2` → get, User, Name, 2; `HTTPServer` → HTTP, Server. */
const innerWords = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{M}]+|\p{N}+/gu;
/** A longer one is no word that anybody looks for, such as base64. */
const longestWord = 200;

/** Cuts texts into words, Chinese and Japanese ones too. */
export class Tokenizer {
  #segmenter: Intl.Segmenter | undefined;

  /**
   * All words to index a text by: of an unspaced run its words, its pairs of characters and its single
   * characters, so that a word is found where it is cut in another way, too.
   */
  *index(text: string): Generator<Token> {
    for (const run of text.matchAll(runs)) {
      const [word] = run;
      if (run.groups?.cjk !== undefined) yield* this.#unspaced(word, run.index, 'all');
      else yield* spaced(word, run.index);
    }
  }

  /** The words to look for: of an unspaced run its words and pairs, and a character only where it is alone. */
  *query(text: string): Generator<Token> {
    for (const run of text.matchAll(runs)) {
      const [word] = run;
      if (run.groups?.cjk === undefined) yield* spaced(word, run.index);
      else yield* this.#unspaced(word, run.index, [...word].length === 1 ? 'all' : 'long');
    }
  }

  *#unspaced(run: string, offset: number, which: 'all' | 'long'): Generator<Token> {
    // Made when it is first needed: it loads a dictionary.
    this.#segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
    const token = (start: number, text: string): Token => ({
      term: termOf(text),
      start: offset + start,
      end: offset + start + text.length,
    });
    for (const { segment, index } of this.#segmenter.segment(run)) {
      if ([...segment].length > 2) yield token(index, segment);
    }
    let start = 0;
    let before: string | undefined;
    for (const character of run) {
      if (before !== undefined) yield token(start - before.length, before + character);
      if (which === 'all') yield token(start, character);
      start += character.length;
      before = character;
    }
  }
}

function* spaced(word: string, start: number): Generator<Token> {
  const end = start + word.length;
  if (word.length > longestWord) return;
  const whole = termOf(word);
  if (whole !== '') yield { term: whole, start, end };
  if (!isCompound.test(word)) return;
  for (const part of word.matchAll(innerWords)) {
    const term = termOf(part[0]);
    const from = start + part.index;
    if (term !== whole) yield { term, start: from, end: from + part[0].length };
  }
}

const isCompound = /_|\p{Ll}\p{Lu}|\p{L}\p{N}|\p{N}\p{L}|\p{Lu}{2}\p{Ll}/u;
