import { randomUUID } from 'node:crypto';
import { lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ChatKey } from '@mini-claude-bot/contract';
import { z } from 'zod';
import { copyTree } from '../host/files/copy-tree.ts';
import { codeOf, type OpenDirectory } from '../host/files/open-directory.ts';
import { isMissing } from '../host/is-missing.ts';
import { holdSession } from '../sessions/session-directory.ts';
import { countTasks } from './harness-tasks.ts';

/** An archived harness, as `index.json` lists it. */
const ArchiveEntry = z.looseObject({
  uuid: z.string(),
  project_name: z.string(),
  chat_id: z.string(),
  bot_id: z.string(),
  original_cwd: z.string(),
  archived_at: z.string(),
  status: z.string(),
  tasks_done: z.number(),
  tasks_total: z.number(),
  tasks_blocked: z.number(),
});
export type ArchiveEntry = z.infer<typeof ArchiveEntry>;

/** A harness is lists and notes: one that takes more is not what it should be, and its directory is kept. */
const most = { bytes: 256 * 1024 * 1024, entries: 20_000 } as const;

/** Copies of the chats' `.harness` directories: `{root}/{uuid}/.harness`, listed in `{root}/index.json`. */
export class HarnessArchive {
  readonly #root: string;
  readonly #now: () => number;
  /** One at a time: the index is read, added to and written as a whole. */
  #last: Promise<unknown> = Promise.resolve();

  /** @param now Unix milliseconds */
  constructor(root: string, now: () => number) {
    this.#root = root;
    this.#now = now;
  }

  /**
   * Archive the harness of a working directory, unless there is none, or nothing in it has changed since
   * it was archived last. The directory keeps its own.
   * @returns whether a copy was made
   * @throws the system's error when it can't be written; nothing is listed then
   */
  archive(chat: ChatKey, directory: string): Promise<boolean> {
    const archived = this.#last.then(() => this.#archive(chat, directory));
    this.#last = archived.catch(() => {});
    return archived;
  }

  async entries(): Promise<ArchiveEntry[]> {
    const text = await readFile(join(this.#root, 'index.json'), 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '[]';
      throw error;
    });
    return z.array(ArchiveEntry).parse(JSON.parse(text));
  }

  async #archive(chat: ChatKey, directory: string): Promise<boolean> {
    try {
      return await holdSession(directory, 'leave', async (session) => {
        const harness = await session.directory.directory('.harness');
        try {
          return await this.#archiveHarness(chat, directory, harness);
        } finally {
          await harness.close();
        }
      });
    } catch (error) {
      // Not there, or a link: what it leads to is not the chat's.
      if (isMissing(error) || codeOf(error) === 'ELOOP') return false;
      throw error;
    }
  }

  async #archiveHarness(
    { botId, chatId }: ChatKey,
    directory: string,
    harness: OpenDirectory,
  ): Promise<boolean> {
    const changedMs = await lastChangeMs(harness);
    const entries = await this.entries();
    const last = entries.findLast((entry) => entry.original_cwd === directory);
    if (last !== undefined && Date.parse(last.archived_at) >= changedMs) return false;
    const uuid = randomUUID();
    await this.#copy(harness, uuid);
    const tasks = countTasks(await readTasks(harness));
    const complete = tasks.total > 0 && tasks.done === tasks.total;
    await this.#writeIndex([
      ...entries,
      {
        uuid,
        project_name: tasks.projectName ?? basename(directory),
        chat_id: chatId,
        bot_id: botId,
        original_cwd: directory,
        archived_at: new Date(this.#now()).toISOString(),
        status: complete ? 'completed' : tasks.blocked > 0 ? 'blocked' : 'incomplete',
        tasks_done: tasks.done,
        tasks_total: tasks.total,
        tasks_blocked: tasks.blocked,
      },
    ]);
    return true;
  }

  /** Under another name first: a copy that broke off never stands where a whole one should. */
  async #copy(harness: OpenDirectory, uuid: string): Promise<void> {
    const target = join(this.#root, uuid);
    const partial = `${target}.partial`;
    await mkdir(partial, { recursive: true, mode: 0o700 });
    try {
      await copyTree(harness, join(partial, '.harness'), { ...most });
      await rename(partial, target);
    } catch (error) {
      await rm(partial, { recursive: true, force: true });
      throw error;
    }
  }

  async #writeIndex(entries: readonly ArchiveEntry[]): Promise<void> {
    const path = join(this.#root, 'index.json');
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(entries, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }
}

/** When anything in there was changed last, in Unix milliseconds. */
async function lastChangeMs(harness: OpenDirectory): Promise<number> {
  const entries = await readdir(harness.path('.'), { recursive: true });
  const times = await Promise.all(
    ['.', ...entries].map(
      async (name) => (await lstat(harness.path(name)).catch(() => undefined))?.mtimeMs ?? 0,
    ),
  );
  return Math.max(...times);
}

const longestTasks = 4 * 1024 * 1024;

/** A file that can't be read, or is endless, has no tasks. */
async function readTasks(harness: OpenDirectory): Promise<string> {
  const file = await harness.file('tasks.json').catch(() => undefined);
  if (file === undefined) return '';
  try {
    return (await file.stat()).size > longestTasks ? '' : await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
