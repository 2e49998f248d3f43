import { TurnId } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { reportDefinition } from '../definitions/definition.ts';
import { decideNext } from './decide-next.ts';
import type { Ask } from './run.ts';

const section = (id: string) => ({ id, title: id, instructions: 'x', links: 'welcome' });
const definition = reportDefinition.parse({
  language: 'en',
  title: 'Paper',
  time: '09:00',
  zone: 'UTC',
  sections: [section('news'), section('health')],
});

const turnId = TurnId.parse('0b8f2a54-6a70-4a52-9f6e-1f4f3a0f7c11');
const written = (...ids: string[]) => ({
  headline: 'Head',
  summary: [],
  sections: ids.map((id) => ({ id, items: [{ text: `of ${id}`, links: [] }] })),
});
const ask = (given: Partial<Ask>): Ask => ({
  ...{ n: 0, section: null, turnId, state: 'answered', answer: null },
  ...{ errorCode: null, problem: null },
  ...given,
});
const failed = (errorCode: Ask['errorCode'], more: Partial<Ask> = {}) =>
  ask({ state: 'failed', errorCode, problem: `because of ${errorCode}`, ...more });

test.each([
  ['nothing was asked', [], { kind: 'ask whole' }],
  ['a turn goes on', [ask({ state: 'asked' })], { kind: 'wait' }],
  [
    'a section is missing',
    [ask({ answer: written('news') })],
    { kind: 'ask section', section: 'health', why: 'it is missing' },
  ],
  [
    'no answer can be read',
    [ask({ answer: null })],
    { kind: 'ask section', section: 'news', why: 'no report came' },
  ],
  [
    'it was asked for by itself, and came',
    [ask({ answer: written('news') }), ask({ section: 'health', answer: written('health') })],
    { kind: 'written' },
  ],
  [
    'it was asked for by itself, and did not come',
    [ask({ answer: written('news') }), ask({ section: 'health', answer: written() })],
    { kind: 'written' },
  ],
  ['the whole failed for a while', [failed('overloaded')], { kind: 'ask whole' }],
  [
    'it failed twice',
    [failed('overloaded'), failed('overloaded')],
    { kind: 'fail', problem: 'because of overloaded' },
  ],
  [
    'it would fail again',
    [failed('not_logged_in')],
    { kind: 'fail', problem: 'because of not_logged_in' },
  ],
  [
    'the limit was reached with some of it there',
    [ask({ answer: written('news') }), failed('rate_limited', { section: 'health' })],
    { kind: 'written' },
  ],
  [
    'nothing came at all',
    [ask({}), ask({ section: 'news' }), ask({ section: 'health' })],
    { kind: 'fail' },
  ],
])('%s', (_what, asks, expected) => {
  expect(decideNext(definition, asks)).toMatchObject(expected);
});

test('what was written once stays, and what stands around a single section does not count', () => {
  const alone = { ...written('health', 'news'), headline: 'Other' };
  const next = decideNext(definition, [
    ask({ answer: written('news') }),
    ask({ section: 'health', answer: alone }),
  ]);
  if (next.kind !== 'written') throw new Error(next.kind);
  expect(next.draft.headline).toBe('Head');
  expect([...next.draft.sections.keys()]).toEqual(['news', 'health']);
});
