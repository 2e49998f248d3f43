import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LongAnswers, longestAnswer } from './long-answers.ts';
import { More } from './result-schema.ts';

/** As JSON writes one. */
const halfCharacter = /\\ud[89a-f][\da-f]{2}/;

/** Room for what says where the rest is. */
const withMore = longestAnswer + 400;
const sizeOf = (value: unknown): number => JSON.stringify(value).length;
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 50 }),
  fc.integer({ min: 0, max: 15_000 }).map((times) => '字😀x'.repeat(times)),
);

test('every list comes whole, in its order, in parts that fit', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ id: fc.integer(), text }), { maxLength: 40 }), (items) => {
      const answers = new LongAnswers();
      const first = answers.fitList(items);
      expect(sizeOf(first)).toBeLessThan(withMore * 1.1);
      expect(first.total).toBe(items.length);
      const ids = idsOf(first);
      const more = More.safeParse(first.more).data;
      for (let part = more?.part ?? 1; part <= (more?.parts ?? 0); part += 1) {
        const next = answers.read(more?.answer ?? '', part);
        expect(sizeOf(next)).toBeLessThan(withMore * 1.1);
        ids.push(...idsOf(next));
      }
      expect(ids).toEqual(items.map(({ id }) => id));
    }),
    { numRuns: 60 },
  );
});

const idsOf = (answer: object): unknown[] =>
  'items' in answer && Array.isArray(answer.items)
    ? answer.items.map((item: { id: unknown }) => item.id)
    : [];

test('every object comes whole from its parts, and is of the same form when it is shortened', () => {
  const object = fc.record({
    id: fc.uuid(),
    text,
    inner: fc.record({ more: text }),
    list: fc.array(fc.record({ text }), { maxLength: 30 }),
  });
  fc.assert(
    fc.property(object, (value) => {
      const answers = new LongAnswers();
      const { more: said, ...short } = answers.fitObject(value);
      expect(sizeOf(short)).toBeLessThanOrEqual(longestAnswer);
      expect(short.id).toBe(value.id);
      if (said === undefined) {
        expect(short).toEqual(value);
        return;
      }
      const more = More.parse(said);
      const parts = Array.from({ length: more.parts }, (_, n) => answers.read(more.answer, n + 1));
      const whole = parts.map((part) => ('text' in part ? part.text : '')).join('');
      expect(JSON.parse(whole)).toEqual(value);
      for (const part of [...parts, short]) expect(JSON.stringify(part)).not.toMatch(halfCharacter);
    }),
    { numRuns: 60 },
  );
});

test('only the last answers are kept', () => {
  const answers = new LongAnswers();
  const long = { text: 'x'.repeat(longestAnswer) };
  const names = Array.from({ length: 25 }, () => More.parse(answers.fitObject(long).more).answer);
  expect(() => answers.read(names[0] ?? '', 1)).toThrow('not kept any more');
  expect(answers.read(names.at(-1) ?? '', 1)).toMatchObject({ part: 1, parts: 2 });
  expect(() => answers.read(names.at(-1) ?? '', 3)).toThrow('the parts 1 to 2');
});
