import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from './line-splitter.ts';

function split(bytes: Buffer, sizes: readonly number[], longest?: number) {
  const lines: (string | undefined)[] = [];
  const splitter = new LineSplitter((line) => lines.push(line?.toString()), longest);
  let from = 0;
  // One buffer for all pieces, as a reader of files has it.
  const shared = Buffer.alloc(bytes.length);
  for (const size of [...sizes, bytes.length]) {
    const piece = bytes.subarray(from, from + size);
    piece.copy(shared);
    splitter.push(shared.subarray(0, piece.length));
    from += piece.length;
    shared.fill(0);
  }
  return { lines, unfinished: splitter.unfinished };
}

test('however the bytes come, the lines are the same', () => {
  const texts = fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }));
  const sizes = fc.array(fc.integer({ min: 0, max: 9 }));
  fc.assert(
    fc.property(texts, fc.string({ maxLength: 5 }), sizes, (lines, rest, cuts) => {
      const clean = lines.map((line) => line.replaceAll('\n', ''));
      const last = rest.replaceAll('\n', '');
      const bytes = Buffer.from(clean.map((line) => `${line}\n`).join('') + last);
      expect(split(bytes, cuts)).toEqual({ lines: clean, unfinished: Buffer.byteLength(last) });
    }),
  );
});

test('a line that is too long is told as such, and those around it are whole', () => {
  const bytes = Buffer.from(`one\n${'x'.repeat(50)}\nthree\n`);
  for (const sizes of [[], [5, 5, 5, 30], Array(40).fill(1) as number[]]) {
    expect(split(bytes, sizes, 20).lines).toEqual(['one', undefined, 'three']);
  }
});
