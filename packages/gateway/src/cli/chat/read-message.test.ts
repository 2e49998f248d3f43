import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readMessage, type Typed } from './read-message.ts';

/** A person at a keyboard: each piece is typed at once. */
async function typing(...pieces: string[]): Promise<{ typed: Typed; history: string[] }> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const history = ['earlier'];
  const reading = readMessage({ input, output, words: '> ', history });
  for (const piece of pieces) input.write(piece);
  return { typed: await reading, history };
}

test('a line is a message', async () => {
  const { typed, history } = await typing('Hel', 'lo\r');
  expect(typed).toEqual({ kind: 'message', text: 'Hello' });
  expect(history).toEqual(['Hello', 'earlier']);
});

test('lines that are pasted are one message, the last one too', async () => {
  const { typed } = await typing('one\rtwo\r\rthree');
  expect(typed).toEqual({ kind: 'message', text: 'one\ntwo\n\nthree' });
});

test('an empty line is an empty message, and not remembered', async () => {
  const { typed, history } = await typing('\r');
  expect(typed).toEqual({ kind: 'message', text: '' });
  expect(history).toEqual(['earlier']);
});

test('the arrow up brings back what was typed before', async () => {
  const { typed } = await typing('\u001b[A', '!\r');
  expect(typed).toEqual({ kind: 'message', text: 'earlier!' });
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s leaves', async (_key, character) => {
  expect((await typing(character)).typed).toEqual({ kind: 'leave' });
});
