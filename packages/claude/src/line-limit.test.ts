import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineLimit } from './line-limit.ts';

async function through(chunks: readonly Buffer[], longest: number) {
  let exceeded = 0;
  const limit = new LineLimit(longest, () => {
    exceeded += 1;
  });
  const passed = await buffer(Readable.from(chunks).pipe(limit));
  return { passed: passed.toString(), exceeded };
}

const bytes = fc.array(
  fc
    .array(fc.constantFrom('a', '\n'), { minLength: 1, maxLength: 6 })
    .map((all) => Buffer.from(all.join(''))),
  { maxLength: 8 },
);

test('lines that are short enough pass as they are, however they are cut', async () => {
  await fc.assert(
    fc.asyncProperty(bytes, async (chunks) => {
      const all = Buffer.concat(chunks).toString();
      const longest = Math.max(...all.split('\n').map((line) => line.length));
      expect(await through(chunks, longest)).toEqual({ passed: all, exceeded: 0 });
    }),
  );
});

test('a line that is too long is told once, and ends what is passed on', async () => {
  const chunks = ['ok\n', 'xxx', 'xx', 'xx\n', 'never\n'].map((text) => Buffer.from(text));
  expect(await through(chunks, 5)).toEqual({ passed: 'ok\nxxxxx', exceeded: 1 });
  expect(await through(chunks, 4)).toEqual({ passed: 'ok\nxxx', exceeded: 1 });
});

test('a line that goes on in the chunk after its beginning counts whole', async () => {
  const chunks = [Buffer.from('a\nbbb'), Buffer.from('bbb\n')];
  expect((await through(chunks, 6)).exceeded).toBe(0);
  expect((await through(chunks, 5)).exceeded).toBe(1);
});
