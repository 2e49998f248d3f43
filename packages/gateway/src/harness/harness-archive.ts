import { randomUUID } from 'node:crypto';
import { cp, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ChatKey } from '@mini-claude-bot/contract';
import { z } from 'zod';
import { isMissing } from '../host/is-missing.ts';
import { countTasks, parseTasks } from './harness-tasks.ts';

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

  async #archive({ botId, chatId }: ChatKey, directory: string): Promise<boolean> {
    const harness = join(directory, '.harness');
    const changedMs = await lastChangeMs(harness);
    if (changedMs === undefined) return false;
    const entries = await this.entries();
    const last = entries.findLast((entry) => entry.original_cwd === directory);
    if (last !== undefined && Date.parse(last.archived_at) >= changedMs) return false;
    const uuid = randomUUID();
    await this.#copy(harness, uuid);
    const file = parseTasks(await readFile(join(harness, 'tasks.json'), 'utf8').catch(() => ''));
    const tasks = countTasks(file?.tasks ?? []);
    const complete = tasks.total > 0 && tasks.done === tasks.total;
    await this.#writeIndex([
      ...entries,
      {
        uuid,
        project_name: file?.projectName ?? basename(directory),
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
  async #copy(harness: string, uuid: string): Promise<void> {
    const target = join(this.#root, uuid);
    const partial = `${target}.partial`;
    await mkdir(partial, { recursive: true, mode: 0o700 });
    try {
      // Links are copied as links: what they point to, wherever that is, is not part of the harness.
      await cp(harness, join(partial, '.harness'), { recursive: true, verbatimSymlinks: true });
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

/** When anything in there was changed last, in Unix milliseconds; undefined when it is not a directory. */
async function lastChangeMs(directory: string): Promise<number | undefined> {
  const there = await stat(directory).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (there?.isDirectory() !== true) return undefined;
  const entries = await readdir(directory, { recursive: true });
  const times = await Promise.all(
    ['.', ...entries].map(
      async (name) => (await stat(join(directory, name)).catch(() => undefined))?.mtimeMs ?? 0,
    ),
  );
  return Math.max(...times);
}
