import { expect, test } from 'vitest';
import { type LaneView, pickLane } from './pick-lane.ts';

const lane = (name: string, over: Partial<LaneView> = {}): LaneView => ({
  name,
  order: 0,
  chatRunning: 0,
  chatLastStart: -1,
  ...over,
});

test.each<[string, LaneView[], string | undefined]>([
  ['nothing waits', [], undefined],
  ['one waits', [lane('a')], 'a'],
  ['who came first', [lane('b', { order: 2 }), lane('a', { order: 1 })], 'a'],
  [
    'fewer running comes before all else',
    [lane('busy', { chatRunning: 1, order: 1 }), lane('served', { chatLastStart: 9, order: 8 })],
    'served',
  ],
  [
    'served longest ago comes before who came first',
    [lane('late', { chatLastStart: 7, order: 1 }), lane('early', { chatLastStart: 3, order: 2 })],
    'early',
  ],
  [
    'never served comes before served',
    [lane('served', { chatLastStart: 0, order: 1 }), lane('new', { order: 5 })],
    'new',
  ],
  [
    'of one chat, who came first',
    [
      lane('bg', { chatRunning: 1, chatLastStart: 4, order: 6 }),
      lane('main', { chatRunning: 1, chatLastStart: 4, order: 5 }),
    ],
    'main',
  ],
])('%s', (_what, lanes, picked) => {
  expect(pickLane(lanes)).toBe(picked);
  expect(pickLane(lanes.toReversed())).toBe(picked);
});
