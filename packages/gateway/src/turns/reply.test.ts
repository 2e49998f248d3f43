import { ErrorCode, type TurnState } from '@mini-claude-bot/contract';
import { describe, expect, test } from 'vitest';
import { lastEvent, neverRan, replyText, type TurnResult } from './reply.ts';

const error = (code: ErrorCode) => ({ code, message: 'Because.' });

test.each<[TurnState, boolean]>([
  ['queued', false],
  ['running', false],
  ['completed', false],
  ['failed', false],
  ['stopped', false],
  ['interrupted', false],
  ['expired', true],
  ['refused', true],
])('%s never ran: %s', (state, expected) => {
  expect(neverRan(state)).toBe(expected);
});

describe('how a turn ends, in words and as an event', () => {
  test.each<[string, TurnResult, string, object]>([
    [
      'an answer',
      { state: 'completed', text: 'Hello' },
      'Hello',
      { type: 'done', content: 'Hello' },
    ],
    ['an empty answer', { state: 'completed', text: '' }, '', { type: 'done', content: '' }],
    [
      'an answer that looks like an error',
      { state: 'completed', text: '[ERROR] is what you asked me to say' },
      '[ERROR] is what you asked me to say',
      { type: 'done', content: '[ERROR] is what you asked me to say' },
    ],
    [
      'a failure after some words',
      { state: 'failed', text: 'Half a', error: error('claude_crashed') },
      '[ERROR] Because.\n\nBefore that, Claude said:\n\nHalf a',
      {
        type: 'done',
        content: '[ERROR] Because.\n\nBefore that, Claude said:\n\nHalf a',
        error: 'claude_crashed',
      },
    ],
    [
      'a failure without a word',
      { state: 'failed', text: '', error: error('overloaded') },
      '[ERROR] Because.',
      { type: 'done', content: '[ERROR] Because.', error: 'overloaded' },
    ],
    [
      'an interruption',
      { state: 'interrupted', text: '', error: error('interrupted') },
      '[ERROR] Because.',
      { type: 'done', content: '[ERROR] Because.', error: 'interrupted' },
    ],
    [
      'stopped before a word',
      { state: 'stopped', text: '' },
      '(stopped)',
      { type: 'done', content: '(stopped)', stopped: true },
    ],
    [
      'stopped in the middle',
      { state: 'stopped', text: 'Half a' },
      'Half a\n\n(stopped)',
      { type: 'done', content: 'Half a\n\n(stopped)', stopped: true },
    ],
    [
      'waited too long',
      { state: 'expired', text: '', error: error('queue_timeout') },
      '[BUSY] Because.',
      { type: 'error', content: 'Because.', code: 'queue_timeout', busy: true },
    ],
    [
      'a full queue',
      { state: 'refused', text: '', error: error('queue_full') },
      '[BUSY] Because.',
      { type: 'error', content: 'Because.', code: 'queue_full', busy: true },
    ],
    [
      'refused',
      { state: 'refused', text: '', error: error('not_logged_in') },
      '[ERROR] Because.',
      { type: 'error', content: 'Because.', code: 'not_logged_in' },
    ],
  ])('%s', (_what, result, words, event) => {
    expect(replyText(result)).toBe(words);
    expect(lastEvent(result)).toEqual(event);
  });

  test('whatever ran never ends in an error event: clients would send it again', () => {
    const ran = ['completed', 'failed', 'stopped', 'interrupted'] as const;
    for (const state of ran) {
      for (const code of ErrorCode.options) {
        expect(lastEvent({ state, text: '', error: error(code) }).type).toBe('done');
      }
    }
  });
});
