import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMarker, withoutMarkers } from './markers.ts';

test.each([
  ['[HARNESS_BATCH_DONE:build:3/10]', { kind: 'batch_done', phase: 'build', done: 3, total: 10 }],
  ['[HARNESS_BATCH_DONE:阶段 二:0/4]', { kind: 'batch_done', phase: '阶段 二', done: 0, total: 4 }],
  ['[HARNESS_BATCH_DONE:a:b:1/2]', { kind: 'batch_done', phase: 'a:b', done: 1, total: 2 }],
  ['[HARNESS_BLOCKED:t-7:no key]', { kind: 'blocked', taskId: 't-7', reason: 'no key' }],
  [
    '[HARNESS_BLOCKED:t:see http://x:80/ [1] first]',
    { kind: 'blocked', taskId: 't', reason: 'see http://x:80/ [1] first' },
  ],
  ['[HARNESS_BLOCKED::]', { kind: 'blocked', taskId: '', reason: '' }],
  ['[HARNESS_COMPLETE]', { kind: 'complete' }],
])('%s', (text, marker) => {
  expect(readMarker(text)).toEqual(marker);
  expect(readMarker(`I worked.\n\n${text}\n`)).toEqual(marker);
  expect(withoutMarkers(`I worked.\n\n${text}\n`)).toBe('I worked.');
});

test.each([
  '',
  'HARNESS_COMPLETE',
  '[harness_complete]',
  '[HARNESS_BATCH_DONE:build]',
  '[HARNESS_BATCH_DONE:build:x/3]',
  '[HARNESS_BATCH_DONE:build:-1/3]',
  '[HARNESS_BLOCKED:t]',
  '[HARNESS_BLOCKED:t:not closed',
  '[HARNESS_EXEC_READY]',
])('%j is none', (text) => {
  expect(readMarker(text)).toBeUndefined();
  expect(withoutMarkers(text)).toBe(text);
});

test('the last one counts, also where two stand on one line', () => {
  expect(readMarker('[HARNESS_COMPLETE] no: [HARNESS_BLOCKED:t:key]')?.kind).toBe('blocked');
  expect(readMarker('[HARNESS_BLOCKED:t:key] [HARNESS_COMPLETE]')?.kind).toBe('complete');
});

test('only the last 2,000 characters are looked at', () => {
  const marker = '[HARNESS_COMPLETE]';
  expect(readMarker(marker + 'x'.repeat(2_000 - marker.length))).toBeDefined();
  expect(readMarker(marker + 'x'.repeat(2_001 - marker.length))).toBeUndefined();
});

test('any reply is read, and nothing but markers is taken from it', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 3_000 }), (text) => {
      readMarker(text);
      expect(text).toContain(withoutMarkers(text));
    }),
  );
});
