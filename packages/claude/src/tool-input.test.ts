import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toolInputInShort } from './tool-input.ts';

test.each<[unknown, string]>([
  [{ command: 'ls -la', description: 'List files' }, 'ls -la'],
  [{ description: 'List files', command: 'ls -la' }, 'ls -la'],
  [{ prompt: 'Look into it', description: 'Research', subagent_type: 'x' }, 'Research'],
  [{ content: 'long', file_path: '/a/b.ts' }, '/a/b.ts'],
  [{ path: '/src', pattern: 'TODO' }, 'TODO'],
  [{ query: 'weather' }, 'weather'],
  [{ prompt: 'What is it?', url: 'https://example.org' }, 'https://example.org'],
  [{ command: '', description: 'Nothing to run' }, 'Nothing to run'],
  [{ command: 7, other: true }, '{"command":7,"other":true}'],
  [{ command: 'line one\n\tline two  ' }, 'line one line two'],
  [{ a: 1 }, '{"a":1}'],
  [['x'], '["x"]'],
  ['text', '"text"'],
  [null, 'null'],
  [undefined, ''],
])('%j in short is %s', (input, short) => {
  expect(toolInputInShort(input)).toBe(short);
});

test('a long one is cut and says so; one that just fits is not', () => {
  expect(toolInputInShort({ command: 'x'.repeat(200) })).toBe('x'.repeat(200));
  expect(toolInputInShort({ command: 'x'.repeat(201) })).toBe(`${'x'.repeat(199)}…`);
  expect(toolInputInShort({ command: '😀'.repeat(200) })).toBe('😀'.repeat(200));
  expect(toolInputInShort({ command: '😀'.repeat(201) })).toBe(`${'😀'.repeat(199)}…`);
});

test('whatever a tool is called with, it is one short line of well-formed text', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 500 }),
    fc
      .array(fc.constantFrom('😀', 'a', '\ud800', '\udc00', '\n'), { maxLength: 500 })
      .map((all) => all.join('')),
  );
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ command: text })), (input) => {
      const short = toolInputInShort(input);
      expect([...short].length).toBeLessThanOrEqual(200);
      expect(short).not.toMatch(/\p{Surrogate}|\n/u);
    }),
  );
});
