import { expect, test } from 'vitest';
import { TurnEvent } from './turn-events.ts';

test.each([
  [{ type: 'turn', content: 'id' }],
  [{ type: 'queued', content: 'Waiting', position: 2 }],
  [{ type: 'started', content: '' }],
  [{ type: 'thinking', content: 'hm' }],
  [{ type: 'text', content: 'hello' }],
  [{ type: 'tool', content: 'ls', name: 'Bash' }],
  [{ type: 'restart', content: 'again' }],
  [{ type: 'notice', content: 'slow' }],
  [{ type: 'done', content: 'hello' }],
  [{ type: 'done', content: '[ERROR] no', error: 'overloaded' }],
  [{ type: 'done', content: '(stopped)', stopped: true }],
  [{ type: 'error', content: 'no', code: 'queue_full', busy: true }],
  [{ type: 'error', content: 'no', code: 'not_logged_in' }],
])('%j is an event', (event) => {
  expect(TurnEvent.parse(event)).toEqual(event);
});

test.each([
  [{ type: 'text' }],
  [{ type: 'text', content: null }],
  [{ type: 'poem', content: 'a' }],
  [{ type: 'tool', content: 'ls' }],
  [{ type: 'error', content: 'no' }],
  [{ type: 'error', content: 'no', code: 'no_such_code' }],
  [{ type: 'error', content: 'no', code: 'queue_full', busy: false }],
])('%j is none', (event) => {
  expect(TurnEvent.safeParse(event).success).toBe(false);
});
