import { expect, test } from 'vitest';
import { placeInStat } from './read-proc.ts';

test.each([
  ['42 (claude) S 7 42 41 0 -1', { parent: 7, session: 41 }],
  ['42 (a) b (c)) R 8 42 40 0 -1', { parent: 8, session: 40 }],
  ['42 (Z 1) S 9 42 42 0', { parent: 9, session: 42 }],
  ['42 (sh) Z 7 42 42', undefined],
  ['42 (sh) X 7 42 42', undefined],
])('the place in %j is %j', (stat, place) => {
  expect(placeInStat(stat)).toEqual(place);
});
