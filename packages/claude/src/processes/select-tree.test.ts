import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProcessEntry } from './process-entry.ts';
import { selectTree, type TreeRoot } from './select-tree.ts';

const mine = (marker: string) => marker === 'mine';
const tree: ProcessEntry[] = [
  { pid: 1, parent: 0 },
  { pid: 10, parent: 1, marker: 'mine' },
  { pid: 11, parent: 10, marker: 'mine' },
  { pid: 12, parent: 11 },
  { pid: 20, parent: 1, marker: 'mine' },
  { pid: 30, parent: 1, marker: 'theirs' },
  { pid: 31, parent: 30, marker: 'theirs' },
  { pid: 40, parent: 1 },
  { pid: 41, parent: 40 },
  { pid: 50, parent: 1, session: 50, marker: 'mine' },
  { pid: 51, parent: 1, session: 50 },
  { pid: 52, parent: 51, session: 52 },
  { pid: 60, parent: 1, session: 61 },
  { pid: 70, parent: 1, session: 70 },
  { pid: 71, parent: 1, session: 70 },
];

const none = () => false;

test.each<[string, (marker: string) => boolean, TreeRoot | undefined, number[]]>([
  [
    'the marked, their children, and all in their sessions',
    mine,
    undefined,
    [10, 11, 12, 20, 50, 51, 52],
  ],
  ['what descends from a root that lives', none, { pid: 40, alive: true }, [40, 41]],
  ['a root that lives, and its session', none, { pid: 70, alive: true }, [70, 71]],
  ['what is left of a dead root’s session', none, { pid: 61, alive: false }, [60]],
  ['nothing where a dead root’s number is another’s by now', none, { pid: 70, alive: false }, []],
  ['nothing where there is nothing', none, { pid: 99, alive: true }, []],
])('selects %s', (_what, belongs, root, pids) => {
  expect(selectTree(tree, belongs, root).sort((a, b) => a - b)).toEqual(pids);
});

test('never selects the program itself, nor what it started otherwise', () => {
  const outer: ProcessEntry[] = [
    { pid: 10, parent: 1, marker: 'mine' },
    { pid: process.pid, parent: 10, session: 5, marker: 'mine' },
    { pid: 12, parent: process.pid, session: 5 },
    { pid: 13, parent: process.pid, marker: 'mine' },
  ];
  expect(selectTree(outer, mine).sort((a, b) => a - b)).toEqual([10, 13]);
});

const someProcesses = fc
  .uniqueArray(
    fc.record({
      pid: fc.integer({ min: 100, max: 130 }),
      parent: fc.integer({ min: 100, max: 130 }),
      marker: fc.constantFrom(undefined, undefined, 'mine', 'theirs'),
    }),
    { selector: ({ pid }) => pid },
  )
  .map((entries) => entries.filter(({ pid }) => pid !== process.pid));

test('whatever the processes, even in a circle: the selected and their children, and no others', () => {
  fc.assert(
    fc.property(someProcesses, fc.integer({ min: 100, max: 130 }), (processes, root) => {
      const selected = selectTree(processes, mine, { pid: root, alive: true });
      expect(new Set(selected).size).toBe(selected.length);
      for (const { pid, parent, marker } of processes) {
        const itself = pid === root || marker === 'mine';
        if (itself || (selected.includes(parent) && processes.some((p) => p.pid === parent))) {
          expect(selected).toContain(pid);
        } else if (selected.includes(pid)) {
          expect(selected).toContain(parent);
        }
      }
    }),
  );
});
