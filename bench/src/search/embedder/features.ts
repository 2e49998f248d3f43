import { type Lexicon, stem } from './lexicon.ts';

/** What a text consists of, and how much each counts. */
export type Features = ReadonlyMap<string, number>;

/**
 * The concept counts most, since that is what a model of meaning goes by; the letters let a misspelt word be found;
 * the word itself tells apart what the lexicon doesn't know.
 */
const weights = { concept: 1, word: 0.5, letters: 0.6, hanPair: 0.4, han: 0.15 } as const;

/** English words that say nothing of what a text is about. */
const stopWords = new Set(
  (
    'a about after all also am an and any are as at be been before but by can could did do does for from had has ' +
    'have he her him his how i if in into is it its just me my no not of on one only or our out over she should so ' +
    'some that the their them then there they this to too up us was we were what when where which who why will ' +
    'with would you your'
  ).split(' '),
);

const word = /\p{Script=Han}+|[\p{L}\p{N}]+/gu;
const isHan = /^\p{Script=Han}/u;

/** The features of a text: concepts of a lexicon, words, sequences of letters, Chinese characters. */
export function featuresOf(text: string, lexicon: Lexicon): Features {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const features = new Map<string, number>();
  const add = (name: string, weight: number): void => {
    features.set(name, (features.get(name) ?? 0) + weight);
  };
  const stems: string[] = [];
  for (const [run] of plain.matchAll(word)) {
    if (isHan.test(run)) addHan(run, add);
    else {
      stems.push(stem(run));
      addWord(run, add);
    }
  }
  addPhrases(stems, lexicon, add);
  addChineseConcepts(plain, lexicon, add);
  // The tenth time that a word is said says less than the first.
  for (const [name, weight] of features) features.set(name, Math.sqrt(weight));
  return features;
}

type Add = (name: string, weight: number) => void;

function addWord(run: string, add: Add): void {
  if (stopWords.has(run)) return;
  add(`word ${stem(run)}`, weights.word ** 2);
  const marked = `<${run}>`;
  const count = Math.max(1, marked.length - 2);
  // A long word counts no more than a short one.
  for (let at = 0; at < count; at += 1) {
    add(`letters ${marked.slice(at, at + 3)}`, weights.letters ** 2 / count);
  }
}

function addHan(run: string, add: Add): void {
  const characters = [...run];
  for (const [index, character] of characters.entries()) {
    add(`han ${character}`, weights.han ** 2);
    const next = characters[index + 1];
    if (next !== undefined) add(`pair ${character}${next}`, weights.hanPair ** 2);
  }
}

/** Concepts of all English words, and of phrases; the stop words in between are part of a phrase. */
function addPhrases(stems: readonly string[], lexicon: Lexicon, add: Add): void {
  for (let at = 0; at < stems.length; at += 1) {
    for (let length = 1; length <= lexicon.longestPhrase; length += 1) {
      const phrase = stems.slice(at, at + length).join(' ');
      addConcepts(lexicon.english.get(phrase), add);
    }
  }
}

/** Concepts of Chinese words: at each place the longest word that stands there. */
function addChineseConcepts(plain: string, lexicon: Lexicon, add: Add): void {
  for (let at = 0; at < plain.length; at += 1) {
    let length = Math.min(lexicon.longestChinese, plain.length - at);
    while (length > 0 && !lexicon.chinese.has(plain.slice(at, at + length))) length -= 1;
    if (length === 0) continue;
    addConcepts(lexicon.chinese.get(plain.slice(at, at + length)), add);
    at += length - 1;
  }
}

function addConcepts(concepts: readonly number[] | undefined, add: Add): void {
  for (const concept of concepts ?? []) {
    add(`concept ${concept}`, weights.concept ** 2 / (concepts?.length ?? 1));
  }
}
