import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readChatFile } from './read-chat-file.ts';

let root: string;
let chat: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mcb-files-'));
  chat = join(root, 'hero', '7');
  mkdirSync(join(chat, 'out'), { recursive: true });
  mkdirSync(join(root, 'hero', '8'));
  writeFileSync(join(root, 'hero', '8', 'secret.txt'), 'of another');
  writeFileSync(join(chat, 'out', 'a b.txt'), 'mine');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = async (path: string, most = 100): Promise<string> =>
  Buffer.from(await readChatFile(chat, path, most)).toString();

test.each([
  ['in it', () => 'out/a b.txt'],
  ['by a way about', () => './out/../out/a b.txt'],
  ['by its whole path', () => join(chat, 'out', 'a b.txt')],
])('a file is read that is named %s', async (_what, path) => {
  expect(await read(path())).toBe('mine');
});

test.each([
  ['../8/secret.txt', 'forbidden'],
  ['out/../../8/secret.txt', 'forbidden'],
  ['/etc/passwd', 'forbidden'],
  ['..', 'forbidden'],
  ['.', 'not_found'],
  ['out', 'not_found'],
  ['out/a b.txt/x', 'not_found'],
  ['nowhere', 'not_found'],
  ['..nowhere', 'not_found'],
])('%s is refused', async (path, code) => {
  await expect(read(path)).rejects.toMatchObject({ code });
});

test('no link leads out, wherever on the way it is', async () => {
  symlinkSync(join(root, 'hero', '8', 'secret.txt'), join(chat, 'link.txt'));
  symlinkSync(join(root, 'hero', '8'), join(chat, 'linked'));
  for (const path of ['link.txt', 'linked/secret.txt'])
    await expect(read(path)).rejects.toMatchObject({ code: 'not_found' });
  rmSync(chat, { recursive: true });
  symlinkSync(join(root, 'hero', '8'), chat);
  await expect(read('secret.txt')).rejects.toMatchObject({ code: 'not_found' });
});

test('a pipe is no file, and nobody waits for it', async () => {
  execFileSync('mkfifo', [join(chat, 'pipe')]);
  await expect(read('pipe')).rejects.toMatchObject({ code: 'not_found' });
});

test('a file may be so long and no longer', async () => {
  expect(await read('out/a b.txt', 4)).toBe('mine');
  await expect(read('out/a b.txt', 3)).rejects.toMatchObject({ code: 'message_too_large' });
});
