import { mkdirSync, statSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type ChatKey, GatewayError } from '@mini-claude-bot/contract';

/** A directory's identity: one that was removed and made again is another, for a process inside it. */
export type DirectoryIdentity = string;

/** The chats' working directories: `{root}/{bot_id}/{chat_id}`. */
export class Workspaces {
  readonly #root: string;
  readonly #folds: boolean;

  /** @param folds whether the file system takes `A` and `a` for one name, as macOS does */
  constructor(root: string, folds: boolean) {
    this.#root = root;
    this.#folds = folds;
  }

  /**
   * The directory for a new session. Ids are safe path parts and used as they are; where the file
   * system would give one directory to two ids, the later one gets a name of its own.
   * @param taken asks for the directories of the other sessions
   */
  choose({ botId, chatId }: ChatKey, taken: () => readonly string[]): string {
    const plain = join(this.#root, botId, chatId);
    if (!this.#folds) return plain;
    const used = new Set(taken().map(fold));
    for (let n = 1, path = plain; ; n += 1, path = `${plain}~${n}`)
      if (!used.has(fold(path))) return path;
  }

  /**
   * Make sure that a session's directory is there: one deleted behind our back is made again.
   * @throws GatewayError `directory_unusable`
   */
  async ensure(directory: string): Promise<DirectoryIdentity> {
    try {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const { dev, ino } = await stat(directory);
      return `${dev}:${ino}`;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new GatewayError(
        'directory_unusable',
        `The working directory of this chat can't be made (${why}). Its owner can check GATEWAY_SESSION_DIR.`,
        { cause },
      );
    }
  }

  /** Remove a session's directory and what is in it. Links in it are removed, not followed. */
  async remove(directory: string): Promise<void> {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Folds more than any file system does (`ß` and `ss`): a name too many does no harm, one too few would. */
const fold = (path: string): string =>
  path.normalize('NFD').toLowerCase().toUpperCase().normalize('NFC');

/** Ask the file system that holds `directory` whether it takes upper and lower case for the same. */
export function foldsCase(directory: string): boolean {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const name = basename(directory);
  const swapped = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  if (swapped === name) return process.platform === 'darwin';
  try {
    return statSync(join(dirname(directory), swapped)).ino === statSync(directory).ino;
  } catch {
    return false;
  }
}
