import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LogDestination } from './log-destination.ts';

function open(path: string): number {
  const file = openSync(path, 'a');
  onTestFinished(() => closeSync(file));
  return file;
}

test('lines come out whole and in order', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'log-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'log');
  const destination = new LogDestination(open(path));
  const lines = Array.from({ length: 500 }, (_, n) => `line ${n} 汉字\n`);
  for (const line of lines) destination.write(line);
  await expect.poll(() => readFileSync(path, 'utf8')).toBe(lines.join(''));
});

/** Every write to it fails as on a full disk. */
const fullDisk = '/dev/full';

test.skipIf(!existsSync(fullDisk))('what can not be written is lost, and that is all', async () => {
  const destination = new LogDestination(open(fullDisk));
  const rejected: unknown[] = [];
  const collect = (reason: unknown) => rejected.push(reason);
  process.on('unhandledRejection', collect);
  onTestFinished(() => void process.off('unhandledRejection', collect));
  for (let n = 0; n < 50; n += 1) {
    destination.write(`${'x'.repeat(100_000)}\n`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(rejected).toEqual([]);
});
