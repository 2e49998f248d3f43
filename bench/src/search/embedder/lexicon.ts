import { readFileSync } from 'node:fs';
import { dataFile } from '../data-file.ts';

/** Concepts by the words for them. */
export interface Lexicon {
  /** Stems of an English word or phrase, with one space between them. */
  readonly english: ReadonlyMap<string, readonly number[]>;
  readonly chinese: ReadonlyMap<string, readonly number[]>;
  /** Of the longest Chinese word, in characters. */
  readonly longestChinese: number;
  /** Of the longest English phrase, in words. */
  readonly longestPhrase: number;
}

const han = /\p{Script=Han}/u;

/**
 * What an English word is looked up by. Crude, and alike for the lexicon and for texts, which is all that is needed.
 */
export function stem(word: string): string {
  if (word.length > 5 && word.endsWith('ing')) return word.slice(0, -3);
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && (word.endsWith('ed') || word.endsWith('es'))) return word.slice(0, -2);
  if (word.length > 3 && word.endsWith('s') && !word.endsWith('ss')) return word.slice(0, -1);
  if (word.length > 4 && word.endsWith('e')) return word.slice(0, -1);
  return word;
}

/** The lexicon that lies beside this file: a line is a concept, its words are parted by commas. */
export const readLexicon = (): Lexicon =>
  parseLexicon(readFileSync(dataFile('embedder', 'lexicon.txt'), 'utf8'));

export function parseLexicon(text: string): Lexicon {
  const english = new Map<string, number[]>();
  const chinese = new Map<string, number[]>();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const [concept, line] of lines.entries()) {
    for (const word of line.split(',').map((part) => part.trim())) {
      if (han.test(word)) add(chinese, word, concept);
      else
        add(
          english,
          word
            .split(/[\s-]+/)
            .map(stem)
            .join(' '),
          concept,
        );
    }
  }
  return {
    english,
    chinese,
    longestChinese: Math.max(0, ...[...chinese.keys()].map((word) => word.length)),
    longestPhrase: Math.max(0, ...[...english.keys()].map((phrase) => phrase.split(' ').length)),
  };
}

function add(concepts: Map<string, number[]>, word: string, concept: number): void {
  const known = concepts.get(word);
  if (known === undefined) concepts.set(word, [concept]);
  else if (!known.includes(concept)) known.push(concept);
}
