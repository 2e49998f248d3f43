import { expect, test } from 'vitest';
import { InputQueue } from './input-queue.ts';

test('gives what was pushed before and after the reader came, in order, then the end', async () => {
  const queue = new InputQueue<number>();
  queue.push(1);
  queue.push(2);
  const read: number[] = [];
  const reading = (async () => {
    for await (const item of queue) {
      read.push(item);
      if (item === 2) queue.push(3);
      if (item === 3) setImmediate(() => queue.push(4));
      if (item === 4) setImmediate(() => queue.end());
    }
  })();
  await reading;
  expect(read).toEqual([1, 2, 3, 4]);
});

test('gives what was pushed before its end', async () => {
  const queue = new InputQueue<string>();
  queue.push('last');
  queue.end();
  const read: string[] = [];
  for await (const item of queue) read.push(item);
  expect(read).toEqual(['last']);
});
