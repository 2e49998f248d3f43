import { lstatSync, mkdirSync, mkdtempSync, rmdirSync, type Stats, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type ChatKey, GatewayError } from '@mini-claude-bot/contract';
import { codeOf, type OpenDirectory } from '../host/files/open-directory.ts';
import { removeTree } from '../host/files/remove-tree.ts';
import { isMissing } from '../host/is-missing.ts';
import { holdBot, holdSession } from './session-directory.ts';

/** A directory's identity: one that was removed and made again is another, for a process inside it. */
export type DirectoryIdentity = string;

/** More than there are chats whose messages come close together. */
const mostKnown = 256;

/** The chats' working directories: `{root}/{bot_id}/{chat_id}`. */
export class Workspaces {
  readonly #root: string;
  readonly #folds: boolean;
  /** Those that were looked at closely, and what they were then. */
  readonly #known = new Map<string, DirectoryIdentity>();

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
   * Make sure that a session's directory is there, and its owner's alone: one deleted behind our back is
   * made again.
   * @throws GatewayError `directory_unusable`, also for one that is a link
   */
  async ensure(directory: string): Promise<DirectoryIdentity> {
    const known = this.#known.get(directory);
    if (known !== undefined && isStill(directory, known)) return known;
    this.#known.delete(directory);
    try {
      const identity = await holdSession(directory, 'make', async (held) => {
        await makePrivate(held.bot);
        return makePrivate(held.directory);
      });
      this.#remember(directory, identity);
      return identity;
    } catch (cause) {
      throw new GatewayError(
        'directory_unusable',
        `The working directory of this chat can't be used (${whyUnusable(cause)}). Its owner can check ` +
          'GATEWAY_SESSION_DIR.',
        { cause },
      );
    }
  }

  #remember(directory: string, identity: DirectoryIdentity): void {
    const [first] = this.#known.keys();
    if (first !== undefined && this.#known.size >= mostKnown) this.#known.delete(first);
    this.#known.set(directory, identity);
  }

  /**
   * Remove a session's directory and what is in it. Links in it are removed, not followed. One that is not
   * the chat's by its name is left alone, whatever the session's row says.
   */
  async remove(directory: string, chat: ChatKey): Promise<void> {
    if (!isDirectoryOf(chat, directory)) return;
    try {
      await holdBot(directory, 'leave', (bot) => removeTree(bot, basename(directory)));
    } catch (error) {
      // Where its bot has a link in that place, there is nothing of the chat's to remove.
      if (!isMissing(error) && codeOf(error) !== 'ELOOP') throw error;
    }
  }
}

/** `…/{bot_id}/{chat_id}`, or the name that was chosen where that one was taken. */
export function isDirectoryOf({ botId, chatId }: ChatKey, directory: string): boolean {
  if (resolve(directory) !== directory) return false;
  if (basename(dirname(directory)) !== botId) return false;
  const name = basename(directory);
  return name.startsWith(chatId) && /^(~\d+)?$/.test(name.slice(chatId.length));
}

async function makePrivate(directory: OpenDirectory): Promise<DirectoryIdentity> {
  const stats = await directory.stat();
  if (isOfAnother(stats)) throw new Error('it belongs to another user');
  if (isOpenToOthers(stats)) await directory.chmod(0o700);
  return identityOf(stats);
}

/**
 * It is the directory that was looked at before, and nobody else's yet. Asked with each message, so in one call: a
 * close look takes a dozen, one after the other.
 */
function isStill(directory: string, identity: DirectoryIdentity): boolean {
  try {
    const stats = lstatSync(directory);
    return identityOf(stats) === identity && !isOfAnother(stats) && !isOpenToOthers(stats);
  } catch {
    return false;
  }
}

const identityOf = ({ dev, ino }: Stats): DirectoryIdentity => `${dev}:${ino}`;

function isOfAnother({ uid }: Stats): boolean {
  const user = process.getuid?.() ?? uid;
  return uid !== user && user !== 0;
}

const isOpenToOthers = ({ mode }: Stats): boolean => (mode & 0o077) !== 0;

function whyUnusable(cause: unknown): string {
  const code = codeOf(cause);
  if (code === 'ELOOP' || code === 'ENOTDIR') {
    return 'there is a link or a file in its place, or in that of its bot';
  }
  // What follows names the path by which it is held.
  return (cause instanceof Error ? cause.message : String(cause)).split(',')[0] ?? '';
}

/** Folds more than any file system does (`ß` and `ss`): a name too many does no harm, one too few would. */
const fold = (path: string): string =>
  path.normalize('NFD').toLowerCase().toUpperCase().normalize('NFC');

/**
 * Ask the file system that holds `directory` whether it takes two names for one: in upper and lower case,
 * or composed otherwise (https://unicode.org/reports/tr15/). It may hold no more than that directory.
 */
export function foldsCase(directory: string): boolean {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const probe = mkdtempSync(join(directory, '.N\u00E9-'));
  try {
    const name = basename(probe);
    const others = [name.toLowerCase(), name.toUpperCase(), name.normalize('NFD')];
    return others.some(
      (other) =>
        other !== name &&
        statSync(join(directory, other), { throwIfNoEntry: false })?.ino === statSync(probe).ino,
    );
  } finally {
    rmdirSync(probe);
  }
}
