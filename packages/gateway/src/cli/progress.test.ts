import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { ProgressLine } from './progress.ts';

function written(isTTY: boolean): string {
  const output = Object.assign(new PassThrough(), { isTTY, columns: 12 });
  const line = new ProgressLine(output);
  line.show('Reading rows: 1');
  line.show('short');
  line.clear();
  line.clear();
  return String(output.read() ?? '');
}

test('shows one line, cut to the terminal, and takes it away', () => {
  expect(written(true)).toBe('\r\u001b[KReading ro…\r\u001b[Kshort\r\u001b[K');
});

test('where no terminal is, nothing is written', () => {
  expect(written(false)).toBe('');
});
