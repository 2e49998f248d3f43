import { expect, test } from 'vitest';
import { OneAfterAnother } from './one-after-another.ts';

function gate() {
  let open: () => void = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, passed };
}

test('tasks of one key run in order, one at a time, also after one that failed', async () => {
  const tasks = new OneAfterAnother();
  const log: string[] = [];
  const { open, passed } = gate();
  const first = tasks.run('a', async () => {
    log.push('first begins');
    await passed;
    log.push('first ends');
    throw new Error('first failed');
  });
  const second = tasks.run('a', async () => {
    log.push('second');
    return 2;
  });
  const other = await tasks.run('b', async () => log.push('other'));
  expect(other).toBe(2);
  open();
  await expect(first).rejects.toThrow('first failed');
  expect(await second).toBe(2);
  expect(log).toEqual(['first begins', 'other', 'first ends', 'second']);
});

test('a key is forgotten with its last task', async () => {
  const tasks = new OneAfterAnother();
  const running = tasks.run('a', async () => {});
  expect(tasks.keys).toEqual(['a']);
  expect(tasks.has('a')).toBe(true);
  await running;
  expect(tasks.keys).toEqual([]);
});
