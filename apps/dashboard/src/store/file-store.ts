import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DashboardState } from './dashboard-state.ts';
import { type Store, StoreError } from './store.ts';

/** One JSON file, which is whole at any time. */
export class FileStore implements Store {
  readonly #path: string;
  #last: { readonly version: string; readonly state: DashboardState } | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<DashboardState | undefined> {
    try {
      const { ino, size, mtimeMs } = await stat(this.#path);
      const version = `${ino}:${size}:${mtimeMs}`;
      if (this.#last?.version === version) return this.#last.state;
      const state = DashboardState.parse(JSON.parse(await readFile(this.#path, 'utf8')));
      this.#last = { version, state };
      return state;
    } catch (error) {
      if (isCode(error, 'ENOENT')) return undefined;
      throw new StoreError(`The dashboard's file can't be read (${reasonOf(error)}).`);
    }
  }

  /** A file that nobody can read any more is set aside: it would keep every later push away. */
  async newest(): Promise<DashboardState | undefined> {
    try {
      return await this.read();
    } catch (error) {
      if (await this.#isReadable()) await rename(this.#path, `${this.#path}.broken`);
      else throw error;
      return undefined;
    }
  }

  async write(state: DashboardState): Promise<DashboardState> {
    const partial = `${this.#path}.new`;
    try {
      await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 });
      const file = await open(partial, 'w', 0o600);
      try {
        await file.writeFile(JSON.stringify(state));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(partial, this.#path);
      return state;
    } catch (error) {
      await rm(partial, { force: true }).catch(() => {});
      throw new StoreError(`The dashboard's file can't be written (${reasonOf(error)}).`);
    }
  }

  async #isReadable(): Promise<boolean> {
    return readFile(this.#path).then(
      () => true,
      () => false,
    );
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** Without the path: the answer goes to whoever asks. */
const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'it is not what was written';
