import { maxContentBytes, maxLineBytes, TurnEvent } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventLines, pieces } from './event-lines.ts';

/** What a client makes of what is written: one event a line. */
function parse(written: string): TurnEvent {
  expect(written).toMatch(/^data: [^\n\r]*\n\n$/);
  return TurnEvent.parse(JSON.parse(written.slice('data: '.length)));
}

/** Length as the buffer of a client counts it, without the line end. */
const lineBytes = (written: string): number => Buffer.byteLength(written.trimEnd());

const loneSurrogate = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Texts long enough to be cut, of characters that are long in JSON, in UTF-8 or in UTF-16. */
const longText = fc
  .array(
    fc.record({
      unit: fc.constantFrom('a', '"', '\n', '\u0001', '\u2028', '界', '😀', 'é', '\u007F'),
      times: fc.nat(6000),
    }),
    { maxLength: 6 },
  )
  .map((parts) => parts.map(({ unit, times }) => unit.repeat(times)).join(''));

describe('deltas', () => {
  test.each(['text', 'thinking'] as const)('a short %s is one line, as it is', (type) => {
    expect(eventLines({ type, content: 'two\nlines' })).toEqual([
      `data: {"type":"${type}","content":"two\\nlines"}\n\n`,
    ]);
  });

  test.each(['text', 'thinking'] as const)('a long %s is cut, and joins to the same', (type) => {
    fc.assert(
      fc.property(longText, (content) => {
        const lines = eventLines({ type, content });
        const events = lines.map(parse);
        expect(events.map((event) => event.content).join('') === content).toBe(true);
        for (const [n, event] of events.entries()) {
          expect(event.type).toBe(type);
          expect(loneSurrogate.test(event.content)).toBe(false);
          expect(Buffer.byteLength(JSON.stringify(event.content))).toBeLessThanOrEqual(
            maxContentBytes,
          );
          expect(lineBytes(lines[n] ?? '')).toBeLessThan(maxLineBytes);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('nothing is nothing', () => {
    expect(eventLines({ type: 'text', content: '' })).toEqual([]);
  });
});

describe('the whole reply', () => {
  const doneOf = (content: string): string[] => eventLines({ type: 'done', content });
  const overhead = lineBytes(doneOf('')[0] ?? '');

  test('is sent to the last byte that fits, and left out from the next on', () => {
    const room = maxLineBytes - 1 - overhead;
    const [line = ''] = doneOf('a'.repeat(room));
    expect(lineBytes(line)).toBe(maxLineBytes - 1);
    expect(doneOf('a'.repeat(room + 1))).toEqual([]);
  });

  test('is measured in bytes of JSON, not in characters', () => {
    expect(doneOf('界'.repeat(21_000))).toHaveLength(1);
    expect(doneOf('界'.repeat(22_000))).toEqual([]);
    expect(doneOf('\n'.repeat(32_000))).toHaveLength(1);
    expect(doneOf('\n'.repeat(33_000))).toEqual([]);
  });

  test('is never cut, and left out only when it is too long', () => {
    fc.assert(
      fc.property(longText, (content) => {
        const tooLong = overhead + Buffer.byteLength(JSON.stringify(content)) - 2 >= maxLineBytes;
        const events = doneOf(content).map(parse);
        expect(events.length).toBe(tooLong ? 0 : 1);
        expect(events.every((event) => event.content === content)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  test('keeps how the turn ended', () => {
    const event = { type: 'done', content: '(stopped)', stopped: true } as const;
    expect(eventLines(event).map(parse)).toEqual([event]);
  });
});

describe('everything else', () => {
  const long = '"'.repeat(100_000);
  test.each<[TurnEvent]>([
    [{ type: 'turn', content: long }],
    [{ type: 'queued', content: long, position: 3 }],
    [{ type: 'tool', content: long, name: 'Bash' }],
    [{ type: 'tool', content: 'ls', name: long }],
    [{ type: 'restart', content: long }],
    [{ type: 'notice', content: long }],
    [{ type: 'error', content: long, code: 'queue_full', busy: true }],
  ])('is one line that fits, however long its words', (event) => {
    const lines = eventLines(event);
    expect(lines).toHaveLength(1);
    expect(lineBytes(lines[0] ?? '')).toBeLessThan(maxLineBytes);
    expect(parse(lines[0] ?? '').type).toBe(event.type);
  });

  test.each<[TurnEvent]>([
    [{ type: 'started', content: '' }],
    [{ type: 'queued', content: 'Waiting', position: 3 }],
    [{ type: 'tool', content: 'ls -l', name: 'Bash' }],
    [{ type: 'error', content: 'no', code: 'queue_full', busy: true }],
  ])('%j comes through as it is', (event) => {
    expect(eventLines(event).map(parse)).toEqual([event]);
  });
});

test('a character is not cut where a piece ends', () => {
  const content = `${'a'.repeat(2699)}😀${'b'.repeat(10)}`;
  expect(pieces(content)).toEqual(['a'.repeat(2699), `😀${'b'.repeat(10)}`]);
  expect(pieces('a'.repeat(2700))).toHaveLength(1);
  expect(pieces('')).toEqual([]);
});
