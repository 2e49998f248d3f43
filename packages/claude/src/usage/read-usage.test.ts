import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ask, asking } from '../../tests/support/asking.ts';
import { openClaudeHouse } from '../../tests/support/claude-house.ts';
import { ofType } from '../../tests/support/replay.ts';
import { readUsage, type TranscriptProgress, type UsageReading } from './read-usage.ts';
import { promptLine, requestLine } from './test-transcript.ts';
import type { UsageRecord } from './usage-line.ts';

let directory: string;
let known: Map<string, TranscriptProgress>;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mcb-usage-'));
  known = new Map();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), text);
};
const append = (path: string, text: string): void => appendFileSync(join(directory, path), text);

/** Read what is new, and remember how far that went. */
function read(): UsageReading & { readonly records: UsageRecord[] } {
  const records: UsageRecord[] = [];
  const reading = readUsage(directory, known);
  for (;;) {
    const next = reading.next();
    if (next.done === true) return { ...next.value, records };
    records.push(...next.value.records);
    known.set(next.value.progress.path, next.value.progress);
  }
}

const idsOf = ({ records }: { records: UsageRecord[] }): string[] => records.map(({ id }) => id);

test('transcripts of all projects are read, those of subagents too', () => {
  write('a/one.jsonl', promptLine('u1') + requestLine({ id: 'm1' }));
  write('b/two.jsonl', requestLine({ id: 'm2' }));
  write('b/two/subagents/agent-1.jsonl', requestLine({ id: 'm3' }));
  write('b/notes.txt', requestLine({ id: 'no transcript' }));
  const reading = read();
  expect(idsOf(reading).toSorted()).toEqual(['m1', 'm2', 'm3', 'u1']);
  expect(known.size).toBe(3);
});

test('no directory is an empty one', () => {
  rmSync(directory, { recursive: true });
  expect(read()).toEqual({ gone: [], bytes: 0, faults: [], records: [] });
});

test('what is no longer there is told', () => {
  write('a/one.jsonl', requestLine());
  write('b/two.jsonl', requestLine());
  expect(read().gone).toEqual([]);
  rmSync(join(directory, 'b'), { recursive: true });
  expect(read().gone).toEqual(['b/two.jsonl']);
});

test('a request that stands in several lines is told once, with the most that they say', () => {
  write('a/one.jsonl', [3, 18, 18].map((output) => requestLine({ output })).join(''));
  const { records } = read();
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ id: 'msg_1', tokens: { output: 18 } });
});

describe('the second time', () => {
  test('only what was added is read', () => {
    write('a/one.jsonl', requestLine({ id: 'm1' }));
    write('a/two.jsonl', requestLine({ id: 'm2' }));
    read();
    const added = requestLine({ id: 'm3' });
    append('a/two.jsonl', added);
    const reading = read();
    expect(idsOf(reading)).toEqual(['m3']);
    expect(reading.bytes).toBe(added.length);
    expect(read().bytes).toBe(0);
  });

  test('a line is read once it has its end', () => {
    const line = requestLine({ id: 'm2' });
    write('a/one.jsonl', requestLine({ id: 'm1' }) + line.slice(0, 40));
    expect(idsOf(read())).toEqual(['m1']);
    append('a/one.jsonl', line.slice(40, -1));
    expect(idsOf(read())).toEqual([]);
    append('a/one.jsonl', '\n');
    expect(idsOf(read())).toEqual(['m2']);
    expect(known.get('a/one.jsonl')?.brokenLines).toBe(0);
  });

  test.each([
    ['was shortened', requestLine({ id: 'm9' })],
    ['has another beginning', requestLine({ id: 'm8' }) + requestLine({ id: 'm9' }).repeat(3)],
  ])('a file that %s is read anew', (_what, text) => {
    write('a/one.jsonl', requestLine({ id: 'm1' }) + requestLine({ id: 'm2' }));
    read();
    write('a/one.jsonl', text);
    expect(idsOf(read())).toContain('m9');
    expect(read().bytes).toBe(0);
  });

  test('a file in the place of another is read anew, though it begins with the same', () => {
    const old = requestLine({ id: 'm1' });
    write('a/one.jsonl', old);
    read();
    write('a/new', old + requestLine({ id: 'm2' }));
    renameSync(join(directory, 'a/new'), join(directory, 'a/one.jsonl'));
    expect(idsOf(read())).toEqual(['m1', 'm2']);
  });
});

test('broken lines are skipped and counted', () => {
  write('a/one.jsonl', `${requestLine({ id: 'm1' })}{"half\n\n\xff\n${requestLine({ id: 'm2' })}`);
  expect(idsOf(read())).toEqual(['m1', 'm2']);
  expect(known.get('a/one.jsonl')?.brokenLines).toBe(2);
  append('a/one.jsonl', '[}\n');
  read();
  expect(known.get('a/one.jsonl')?.brokenLines).toBe(3);
});

test('a reading that ends in the middle goes on there', () => {
  const ids = Array.from({ length: 5_000 }, (_, n) => `m${n}`);
  write('a/one.jsonl', ids.map((id) => requestLine({ id })).join(''));
  const reading = readUsage(directory, known);
  const first = reading.next();
  if (first.done === true) return expect.unreachable('there is more than one batch');
  known.set('a/one.jsonl', first.value.progress);
  const told = first.value.records.map(({ id }) => id);
  expect(told.length).toBeLessThan(ids.length);
  expect([...told, ...idsOf(read())]).toEqual(ids);
});

test('what the real Claude writes adds up to what it says itself, and a fork repeats its ids', async () => {
  const house = await openClaudeHouse();
  try {
    const main = await house.start({ directory: await house.directory('counted') });
    const first = asking(main, 'one [[text:1]] [[bash:echo hi]] [[/]] [[text:done]]');
    const { usage } = await first.outcome;
    directory = join(house.home, '.claude', 'projects');
    const counted = read();
    const requests = counted.records.filter((record) => record.kind === 'request');
    const sum = (of: (tokens: (typeof requests)[number]['tokens']) => number) =>
      requests.reduce((total, { tokens }) => total + of(tokens), 0);
    expect(requests).toHaveLength(2);
    expect(counted.records).toHaveLength(3);
    expect({
      inputTokens: sum(({ input }) => input),
      outputTokens: sum(({ output }) => output),
      cacheReadTokens: sum(({ cacheRead }) => cacheRead),
      cacheCreationTokens: sum(({ cacheWrite5m, cacheWrite1h }) => cacheWrite5m + cacheWrite1h),
    }).toEqual(usage);

    const from = ofType(first.events, 'session')[0]?.sessionId ?? '';
    const fork = await house.start({
      directory: await house.directory('counted'),
      conversation: { kind: 'forked', from },
    });
    await ask(fork, 'two');
    await Promise.all([main.close(), fork.close()]);
    const again = read();
    expect(idsOf(again)).toEqual(expect.arrayContaining(idsOf(counted)));
    expect(new Set(idsOf(again)).size).toBe(idsOf(counted).length + 2);
  } finally {
    await house.close();
  }
}, 60_000);
