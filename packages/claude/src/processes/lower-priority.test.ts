import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { expect, test } from 'vitest';
import { lowerPriority } from './lower-priority.ts';

test('a process and its group stand back; one that is gone is no fault', async () => {
  const child = spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' });
  const exited = once(child, 'exit');
  const pid = child.pid ?? 0;
  await lowerPriority(pid);
  expect(getPriority(pid)).toBe(10);
  const group = `/proc/${pid}/autogroup`;
  if (existsSync(group)) expect(readFileSync(group, 'utf8')).toMatch(/ nice 10$/m);
  child.kill('SIGKILL');
  await exited;
  await expect(lowerPriority(pid)).resolves.toBeUndefined();
});
