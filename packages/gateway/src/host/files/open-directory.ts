import { constants } from 'node:fs';
import { chmod, type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** `O_PATH` of Linux, which Node does not name: a place in the file system, to be neither read nor written. */
const placeOnly = 0o10000000;
const linux = process.platform === 'linux';

/**
 * A directory that is held open: what is named in it stays in it, whatever becomes of its path meanwhile.
 * Linux reaches a held directory through `/proc` (https://man7.org/linux/man-pages/man5/proc_pid_fd.5.html).
 * Other systems have no such way for Node: there its path is used, and only a link that is there already
 * is found.
 */
export class OpenDirectory {
  readonly #handle: FileHandle;
  readonly #path: string;

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = linux ? `/proc/self/fd/${handle.fd}` : path;
  }

  /** Links on the way are followed: for a path that is the owner's own. */
  static async at(path: string): Promise<OpenDirectory> {
    return new OpenDirectory(await open(path, constants.O_RDONLY | constants.O_DIRECTORY), path);
  }

  /**
   * A directory in this one. To be closed by itself.
   * @throws the system's error: `ENOTDIR` or `ELOOP` where there is something else, such as a link
   */
  async directory(name: string): Promise<OpenDirectory> {
    const path = this.path(name);
    return new OpenDirectory(await open(path, inside), path);
  }

  /** As {@link directory}, and it can be read and written afterwards, whatever its rights were. */
  async ownDirectory(name: string): Promise<OpenDirectory> {
    const directory = await this.directory(name).catch((error: unknown) => {
      if (linux && codeOf(error) === 'EACCES') return this.#reopened(name);
      throw error;
    });
    try {
      const { mode } = await directory.stat();
      if ((mode & 0o700) !== 0o700) await directory.chmod(0o700);
      return directory;
    } catch (error) {
      await directory.close();
      throw error;
    }
  }

  async #reopened(name: string): Promise<OpenDirectory> {
    const place = await open(this.path(name), inside | placeOnly);
    try {
      const path = `/proc/self/fd/${place.fd}`;
      // What is held, and not what has that name by now.
      await chmod(path, 0o700);
    } finally {
      await place.close();
    }
    return this.directory(name);
  }

  /** A regular file in this directory, to be read; undefined where there is something else, or nothing. */
  async file(name: string): Promise<FileHandle | undefined> {
    // Not blocking: to open a pipe would wait for somebody who writes to it.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const handle = await open(this.path(name), flags).catch((error: unknown) => {
      if (['ENOENT', 'ELOOP', 'ENXIO'].includes(codeOf(error) ?? '')) return undefined;
      throw error;
    });
    if (handle === undefined || (await handle.stat()).isFile()) return handle;
    await handle.close();
    return undefined;
  }

  /** A path to what has that name in here. */
  path(name: string): string {
    return join(this.#path, name);
  }

  entries() {
    return readdir(this.#path, { withFileTypes: true });
  }

  stat() {
    return this.#handle.stat();
  }

  chmod(mode: number): Promise<void> {
    return this.#handle.chmod(mode);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

const inside = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
