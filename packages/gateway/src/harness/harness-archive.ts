import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ChatKey } from '@mini-claude-bot/contract';
import { z } from 'zod';
import { copyTree, deepest } from '../host/files/copy-tree.ts';
import { holdBelow, holdDirectory } from '../host/files/hold-directory.ts';
import type { OpenDirectory } from '../host/files/open-directory.ts';
import { removeTree } from '../host/files/remove-tree.ts';
import { treeFingerprint } from '../host/files/tree-fingerprint.ts';
import { isMissing } from '../host/is-missing.ts';
import { flushAll, placesOfHarnesses, readTasks } from './archive-files.ts';
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
  /** Of what was archived; entries of the old system have none. */
  fingerprint: z.string().optional(),
});
export type ArchiveEntry = z.infer<typeof ArchiveEntry>;

/** A harness is lists and notes: one that takes more is not what it should be, and its directory is kept. */
const most = { bytes: 256 * 1024 * 1024, entries: 20_000 } as const;

/** A chat's working directory and its bot's: neither may be a link, or it would be another chat's. */
const sessionLevels = 2;

/** What became of one harness. */
interface Archived {
  /** A copy was made. */
  readonly copied: boolean;
  /** Of what is archived now; undefined: there is no harness. */
  readonly fingerprint: string | undefined;
}

const none: Archived = { copied: false, fingerprint: undefined };

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
    return this.#inOrder(async () => {
      const held = holdDirectory(directory, 1, (open) => this.#archive(chat, directory, open));
      return (await held)?.copied ?? false;
    });
  }

  /**
   * The same for a chat's working directory and all that is in it, down to a few levels.
   * @returns how many copies were made
   */
  archiveAll(chat: ChatKey, workingDirectory: string): Promise<number> {
    return this.#inOrder(async () => {
      const held = holdDirectory(workingDirectory, sessionLevels, (open) =>
        this.#archiveBelow(chat, workingDirectory, open),
      );
      return (await held) ?? 0;
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
      const moved = holdDirectory(directory, 1, async (open) => {
        const { copied, fingerprint } = await this.#archive(chat, directory, open);
        const now = await holdBelow(open, ['.harness'], fingerprintOf);
        const removed = fingerprint !== undefined && now === fingerprint;
        if (removed) await removeTree(open, '.harness');
        return { copied, removed };
      });
      return (await moved) ?? { copied: false, removed: false };
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

  async #archiveBelow(chat: ChatKey, path: string, root: OpenDirectory): Promise<number> {
    let copies = 0;
    for (const place of await placesOfHarnesses(root)) {
      const held = holdBelow(root, place, (open) =>
        this.#archive(chat, join(path, ...place), open),
      );
      if ((await held)?.copied) copies += 1;
    }
    return copies;
  }

  async #archive(chat: ChatKey, path: string, directory: OpenDirectory): Promise<Archived> {
    const held = holdBelow(directory, ['.harness'], (open) =>
      this.#archiveHarness(chat, path, open),
    );
    return (await held) ?? none;
  }

  async #archiveHarness(
    { botId, chatId }: ChatKey,
    directory: string,
    harness: OpenDirectory,
  ): Promise<Archived> {
    // Taken before the copy: what is changed while that is made counts as changed.
    const fingerprint = await fingerprintOf(harness);
    const entries = await this.entries();
    const last = entries.findLast((entry) => entry.original_cwd === directory);
    if (last?.fingerprint === fingerprint) return { copied: false, fingerprint };
    const uuid = randomUUID();
    await this.#copy(harness, uuid);
    const file = parseTasks(await readTasks(harness));
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
  async #copy(harness: OpenDirectory, uuid: string): Promise<void> {
    const target = join(this.#root, uuid);
    const partial = `${target}.partial`;
    await mkdir(partial, { recursive: true, mode: 0o700 });
    try {
      await copyTree(harness, join(partial, '.harness'), { ...most });
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

const fingerprintOf = (harness: OpenDirectory): Promise<string> =>
  treeFingerprint(harness, { entries: most.entries, levels: deepest });
