import { createHash, randomUUID } from 'node:crypto';
import { cp, lstat, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ChatKey } from '@mini-claude-bot/contract';
import { z } from 'zod';
import { isMissing } from '../host/is-missing.ts';
import { countTasks, parseTasks } from './harness-tasks.ts';
import { readTasksFile } from './read-bounded.ts';

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
  /** Of what was archived; entries of the old system have none. */
  fingerprint: z.string().optional(),
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
   * Archive the harness of a directory, unless there is none, or nothing in it has changed since it was
   * archived last. The directory keeps its own.
   * @returns whether a copy was made
   * @throws the system's error when it can't be written; nothing is listed then
   */
  archive(chat: ChatKey, directory: string): Promise<boolean> {
    return this.#inOrder(async () => (await this.#archive(chat, directory)).copied);
  }

  /** The same for a directory and all that is in it, down to a few levels. @returns how many copies were made */
  archiveAll(chat: ChatKey, directory: string): Promise<number> {
    return this.#inOrder(async () => {
      let copies = 0;
      for (const each of await directoriesWithHarness(directory)) {
        if ((await this.#archive(chat, each)).copied) copies += 1;
      }
      return copies;
    });
  }

  /**
   * Archive a harness, and remove it from its directory once the copy is sure; not when it is changed
   * meanwhile.
   */
  moveAway(
    chat: ChatKey,
    directory: string,
  ): Promise<{ readonly copied: boolean; readonly removed: boolean }> {
    return this.#inOrder(async () => {
      const { copied, fingerprint } = await this.#archive(chat, directory);
      const harness = join(directory, '.harness');
      const removed = fingerprint !== undefined && (await fingerprintOf(harness)) === fingerprint;
      if (removed) await rm(harness, { recursive: true, force: true, maxRetries: 3 });
      return { copied, removed };
    });
  }

  async entries(): Promise<ArchiveEntry[]> {
    const text = await readFile(join(this.#root, 'index.json'), 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '[]';
      throw error;
    });
    return z.array(ArchiveEntry).parse(JSON.parse(text));
  }

  #inOrder<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#last.then(action);
    this.#last = done.catch(() => {});
    return done;
  }

  /** @returns the fingerprint of what is archived now; undefined: there is no harness */
  async #archive(
    { botId, chatId }: ChatKey,
    directory: string,
  ): Promise<{ readonly copied: boolean; readonly fingerprint: string | undefined }> {
    const harness = join(directory, '.harness');
    // Taken before the copy: what is changed while that is made counts as changed.
    const fingerprint = await fingerprintOf(harness);
    if (fingerprint === undefined) return { copied: false, fingerprint };
    const entries = await this.entries();
    const last = entries.findLast((entry) => entry.original_cwd === directory);
    if (last?.fingerprint === fingerprint) return { copied: false, fingerprint };
    const uuid = randomUUID();
    await this.#copy(harness, uuid);
    const file = parseTasks(readTasksFile(harness) ?? '');
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
        fingerprint,
      },
    ]);
    return { copied: true, fingerprint };
  }

  /** Under another name first: a copy that broke off never stands where a whole one should. */
  async #copy(harness: string, uuid: string): Promise<void> {
    const target = join(this.#root, uuid);
    const partial = `${target}.partial`;
    await mkdir(partial, { recursive: true, mode: 0o700 });
    try {
      // Links are copied as links: what they point to, wherever that is, is not part of the harness.
      // A pipe or a socket can't be copied, and holds nothing.
      await cp(harness, join(partial, '.harness'), {
        recursive: true,
        verbatimSymlinks: true,
        filter: isKept,
      });
      await flushAll(partial);
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

async function isKept(path: string): Promise<boolean> {
  const entry = await lstat(path);
  return entry.isFile() || entry.isDirectory() || entry.isSymbolicLink();
}

/** Where a harness may be below a chat's directory; further down, and in there, is nobody's project. */
const deepest = 3;
const mostDirectories = 2_000;
const passedOver: ReadonlySet<string> = new Set(['node_modules', '.git', '.venv', 'venv']);

/** Breadth first, so that what is nearest is found in any case. */
async function directoriesWithHarness(root: string): Promise<string[]> {
  const found: string[] = [];
  let level = [root];
  let looked = 0;
  for (let depth = 0; depth <= deepest && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const directory of level.slice(0, mostDirectories - looked)) {
      looked += 1;
      const names = await directoriesIn(directory);
      if (names.includes('.harness')) found.push(directory);
      const inner = names.filter((name) => name !== '.harness' && !passedOver.has(name));
      next.push(...inner.map((name) => join(directory, name)));
    }
    level = next;
  }
  return found;
}

async function directoriesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(noneWhereMissing);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function noneWhereMissing(error: unknown): never[] {
  if (isMissing(error)) return [];
  throw error;
}

/** Names, sizes and times of all that is in there; undefined when it is not a directory. */
async function fingerprintOf(directory: string): Promise<string | undefined> {
  const there = await lstat(directory).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (there?.isDirectory() !== true) return undefined;
  const hash = createHash('sha256');
  for (const name of (await readdir(directory, { recursive: true })).toSorted()) {
    const entry = await lstat(join(directory, name), { bigint: true }).catch(() => undefined);
    hash.update(JSON.stringify([name, String(entry?.size), String(entry?.mtimeNs)]));
  }
  return hash.digest('base64');
}

/** What was copied is on the disk, and not only on its way there: the original may be removed next. */
async function flushAll(directory: string): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name), 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
