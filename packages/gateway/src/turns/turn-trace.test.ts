import type { TurnEvent } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { traceOf } from './turn-trace.ts';

const thinking = (content: string): TurnEvent => ({ type: 'thinking', content });
const tool = (name: string, content = 'x'): TurnEvent => ({ type: 'tool', name, content });

test('thinking is joined, tools are in order, and what was taken back is not there', () => {
  const events = [
    thinking('wrong'),
    tool('Read'),
    { type: 'restart', content: 'again' } as const,
    thinking('so '),
    thinking('it is'),
    tool('Bash', 'ls'),
    { type: 'text', content: 'done' } as const,
  ];
  expect(traceOf(events)).toEqual({
    thinking: 'so it is',
    tools: [
      { name: 'Read', content: 'x' },
      { name: 'Bash', content: 'ls' },
    ],
  });
});

test('a reply alone has none', () => {
  expect(traceOf([{ type: 'text', content: 'hi' }])).toBeUndefined();
});

test('of very much the end is kept, in whole characters', () => {
  const trace = traceOf([
    thinking('😀'.repeat(10_000)),
    ...Array.from({ length: 200 }, (_, n) => tool(`T${n}`, '😀'.repeat(1000))),
  ]);
  expect(trace?.thinking.length).toBe(8_000);
  expect(trace?.tools).toHaveLength(100);
  expect(trace?.tools.at(-1)?.name).toBe('T199');
  expect(trace?.tools[0]?.content).toBe(`${'😀'.repeat(150)}…`);
  const odd = traceOf([thinking(`x${'😀'.repeat(10_000)}y`)])?.thinking ?? '';
  expect(() => encodeURIComponent(odd)).not.toThrow();
});
