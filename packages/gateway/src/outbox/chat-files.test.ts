import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../host/clock.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import type { SessionRow } from '../sessions/sessions-repo.ts';
import { ChatFiles } from './chat-files.ts';
import { chat, startTestOutbox } from './test-outbox.ts';

let rig: Awaited<ReturnType<typeof startTestOutbox>>;
let root: string;
let files: ChatFiles;
beforeEach(async () => {
  rig = await startTestOutbox(systemClock);
  root = mkdtempSync(join(tmpdir(), 'mcb-files-'));
  const cwd = join(root, 'hero', '7');
  mkdirSync(cwd, { recursive: true });
  const { database, outbox } = rig;
  const secrets = new KnownSecrets(['a secret of the gateway']);
  const find = ({ chatId }: { chatId: string }): SessionRow | undefined =>
    // Nothing else of a session is asked for.
    chatId === '7' ? ({ cwd } as SessionRow) : undefined;
  files = new ChatFiles({ database, sessions: { find }, outbox, files: rig.files, secrets });
});
afterEach(async () => {
  await rig.stop();
  rmSync(root, { recursive: true, force: true });
});

const write = (name: string, content: string): void =>
  writeFileSync(join(root, 'hero', '7', name), content);
const untilSent = (count: number): Promise<void> =>
  vi.waitFor(() => expect(rig.fake.messages).toHaveLength(count), { timeout: 10_000 });
const kept = (): unknown[] => rig.database.prepare('SELECT name FROM delivery_files').all();

test('a file goes out as it was when it was to be sent, and is kept no longer than that', async () => {
  write('counts.csv', 'sheep,42\n');
  const sending = files.send(chat('7'), './counts.csv', 'The counts');
  const id = await sending;
  write('counts.csv', 'sheep,0\n');
  await untilSent(1);
  expect(rig.fake.messages).toMatchObject([
    {
      chatId: '7',
      text: 'The counts',
      document: { fileName: 'counts.csv', content: 'sheep,42\n' },
    },
  ]);
  await vi.waitFor(() => expect(rig.deliveries.find(id)?.state).toBe('delivered'));
  expect(kept()).toEqual([]);
  expect(rig.deliveries.find(id)).toMatchObject({ source_kind: 'file', source_id: 'counts.csv' });
});

test('one that was refused can be sent again', async () => {
  write('note.txt', 'hello');
  rig.fake.answerNext({ kind: 'refuse', status: 403 });
  const id = await files.send(chat('7'), 'note.txt', ' ');
  await vi.waitFor(() => expect(rig.deliveries.find(id)?.state).toBe('dead'), { timeout: 10_000 });
  expect(kept()).toEqual([{ name: 'note.txt' }]);
  rig.outbox.retry(id, undefined);
  await untilSent(1);
  expect(rig.fake.messages).toMatchObject([{ text: 'note.txt', document: { content: 'hello' } }]);
});

test('a file may have any name', async () => {
  const name = 'a "b"; c\n数.csv';
  write(name, 'x');
  await files.send(chat('7'), name, '');
  await untilSent(1);
  expect(rig.fake.messages).toMatchObject([
    { document: { fileName: 'a _b_; c_数.csv', content: 'x' } },
  ]);
});

test('what is not to be sent is refused, and nothing is kept of it', async () => {
  write('empty', '');
  write('log.txt', 'and so a secret of the gateway came here');
  const send = (path: string, id = '7') => files.send(chat(id), path, '');
  await expect(send('log.txt')).rejects.toMatchObject({ code: 'forbidden' });
  await expect(send('empty')).rejects.toMatchObject({ code: 'not_found' });
  await expect(send('nowhere')).rejects.toMatchObject({ code: 'not_found' });
  await expect(send('note.txt', '8')).rejects.toThrow('no working directory');
  expect(rig.outbox.list({ limit: 9 })).toEqual([]);
  expect(kept()).toEqual([]);
});
