import { TurnId } from '@mini-claude-bot/contract';
import { beforeEach, expect, test } from 'vitest';
import { TurnReaders } from './turn-readers.ts';

const one = TurnId.parse('00000000-0000-4000-8000-000000000001');
const two = TurnId.parse('00000000-0000-4000-8000-000000000002');

let notes: string[];
let readers: TurnReaders;
beforeEach(() => {
  notes = [];
  readers = new TurnReaders((id, lost) => notes.push(`${id === one ? 'one' : 'two'} ${lost}`));
});

test('a reader is there until it was told or lost, and only the first of the two counts', () => {
  const reader = readers.listen(one);
  expect(readers.has(one)).toBe(true);
  expect(readers.has(two)).toBe(false);
  reader.told();
  reader.lost();
  expect(readers.has(one)).toBe(false);
  expect(notes).toEqual(['one false']);
});

test('the end is owed as long as one of several waits for it', () => {
  const [first, second] = [readers.listen(one), readers.listen(one)];
  first.told();
  expect(notes).toEqual([]);
  second.lost();
  expect(notes).toEqual(['one true']);
  readers.listen(one).told();
  expect(notes).toEqual(['one true', 'one false']);
});

test('who asks for it hears that a reader of one of the turns has gone', async () => {
  readers.listen(one);
  const reader = readers.listen(two);
  const heard = readers.oneLeaves([one, two]);
  reader.lost();
  await heard;
});
