import { beforeAll, describe, expect, test } from 'vitest';
import { type Corpus, type CorpusQuery, queryClasses, readCorpus } from './corpus.ts';

let corpus: Corpus;

beforeAll(async () => {
  corpus = await readCorpus();
});

const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');
const han = /\p{Script=Han}/u;
const latin = /\p{Script=Latin}/u;

const twice = (values: readonly string[]): string[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

/** Texts that a query is put to, by their ids. */
const collection = (over: CorpusQuery['over']): Map<string, string> =>
  over === 'chat'
    ? new Map(corpus.messages.map(({ id, text }) => [id, text]))
    : new Map(corpus.memories.map(({ key, content }) => [key, content]));

const ofClass = (name: CorpusQuery['class']): CorpusQuery[] =>
  corpus.queries.filter((query) => query.class === name);

describe('the corpus', () => {
  test('is as large as it was promised', () => {
    expect(corpus.messages.length).toBeGreaterThanOrEqual(600);
    expect(corpus.memories.length).toBeGreaterThanOrEqual(200);
    expect(corpus.queries.length).toBeGreaterThanOrEqual(120);
  });

  test('is in both languages', () => {
    const texts = [...collection('chat').values(), ...collection('memory').values()];
    const chinese = texts.filter((text) => han.test(text));
    expect(chinese.length / texts.length).toBeGreaterThan(0.3);
    expect(chinese.length / texts.length).toBeLessThan(0.7);
  });

  test('says nothing twice', () => {
    expect(twice(corpus.messages.map(({ id }) => id))).toEqual([]);
    expect(twice(corpus.messages.map(({ text }) => plain(text)))).toEqual([]);
    expect(twice(corpus.memories.map(({ key }) => key))).toEqual([]);
    expect(twice(corpus.memories.map(({ content }) => plain(content)))).toEqual([]);
  });

  test('stands in the order in which it was written', () => {
    const times = corpus.messages.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
  });

  test('numbers the messages of a conversation', () => {
    const counts = new Map<string, number>();
    for (const { id, session } of corpus.messages) {
      const count = (counts.get(session) ?? 0) + 1;
      counts.set(session, count);
      expect(id).toBe(`${session}-${count}`);
    }
  });
});

describe('the queries', () => {
  test.each(queryClasses)('have at least 15 of the class %s', (name) => {
    expect(ofClass(name).length).toBeGreaterThanOrEqual(15);
  });

  test('are all different', () => {
    expect(twice(corpus.queries.map(({ id }) => id))).toEqual([]);
    expect(twice(corpus.queries.map(({ over, text }) => `${over} ${plain(text)}`))).toEqual([]);
  });

  test('name only answers that exist, one of them at least a good one, and no more than a page', () => {
    for (const { id, over, relevant } of corpus.queries) {
      const texts = collection(over);
      const unknown = Object.keys(relevant).filter((name) => !texts.has(name));
      expect(unknown, id).toEqual([]);
      expect(Object.values(relevant), id).toContain(3);
      expect(Object.keys(relevant).length, id).toBeLessThanOrEqual(10);
    }
  });

  test('have several answers, more often than not', () => {
    const several = corpus.queries.filter(({ relevant }) => Object.keys(relevant).length > 1);
    expect(several.length).toBeGreaterThan(corpus.queries.length / 2);
  });

  test('are not the text of an answer', () => {
    const texts = new Set([
      ...corpus.messages.map(({ text }) => plain(text)),
      ...corpus.memories.map(({ content }) => plain(content)),
    ]);
    expect(corpus.queries.filter(({ text }) => texts.has(plain(text)))).toEqual([]);
  });

  test('of the class chinese-word are words of two characters that stand in a best answer', () => {
    for (const { id, over, text, relevant } of ofClass('chinese-word')) {
      expect(text, id).toMatch(/^\p{Script=Han}{2}$/u);
      const texts = collection(over);
      const best = Object.keys(relevant).filter((name) => relevant[name] === 3);
      expect(
        best.some((name) => texts.get(name)?.includes(text)),
        id,
      ).toBe(true);
    }
  });

  test('of the class mixed-language are mixed, or have their answer in the other language', () => {
    for (const { id, over, text, relevant } of ofClass('mixed-language')) {
      const answers = Object.keys(relevant).map((name) => collection(over).get(name) ?? '');
      const mixed = han.test(text) && latin.test(text);
      expect(mixed || answers.some((answer) => han.test(answer) !== han.test(text)), id).toBe(true);
    }
  });

  test('of the class paraphrase share next to no word with the best answers', () => {
    for (const { id, over, text, relevant } of ofClass('paraphrase')) {
      const texts = collection(over);
      const best = Object.keys(relevant).filter((name) => relevant[name] === 3);
      for (const name of best) {
        expect(sharedWords(text, texts.get(name) ?? ''), `${id}: ${name}`).toBeLessThanOrEqual(2);
      }
    }
  });

  test('of the class misspelling have a word that stands nowhere', () => {
    const texts = [
      ...corpus.messages.map(({ text }) => text),
      ...corpus.memories.map(({ content }) => content),
    ];
    const known = new Set(texts.flatMap(longWords));
    const all = texts.join('\n');
    for (const { id, text } of ofClass('misspelling')) {
      const unknown = han.test(text)
        ? pairs(text).some((pair) => !all.includes(pair))
        : longWords(text).some((word) => !known.has(word));
      expect(unknown, id).toBe(true);
    }
  });
});

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });

const words = (text: string): string[] =>
  [...segmenter.segment(plain(text))].flatMap(({ segment, isWordLike }) =>
    isWordLike === true ? [segment] : [],
  );

/** Words that say something: no articles and no pronouns. */
const longWords = (text: string): string[] =>
  words(text).filter((word) => (han.test(word) ? word.length >= 2 : word.length >= 4));

/** Each two characters that stand side by side: a wrong one makes no word that could be looked up. */
const pairs = (text: string): string[] =>
  Array.from({ length: text.length - 1 }, (_, index) => text.slice(index, index + 2));

function sharedWords(one: string, other: string): number {
  const ofOther = new Set(longWords(other));
  return new Set(longWords(one).filter((word) => ofOther.has(word))).size;
}
