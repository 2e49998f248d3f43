import { access, readdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { isMissing } from './is-missing.ts';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Claude's configuration directory, in the environment that its processes get. */
export const claudeConfigDirectory = (
  environment: Readonly<Record<string, string | undefined>>,
): string =>
  environment.CLAUDE_CONFIG_DIR?.trim() || join(environment.HOME || homedir(), '.claude');

/**
 * The transcripts that Claude keeps of its sessions, one file each in a folder per project. Folder
 * names do not tell projects apart (`a.b` and `a-b` share one), so a session is found by its id alone.
 */
export class Transcripts {
  readonly #projects: string;

  constructor(configDirectory: string) {
    this.#projects = join(configDirectory, 'projects');
  }

  /** The session can be resumed. */
  async has(sessionId: string): Promise<boolean> {
    return (await this.#find(sessionId)).length > 0;
  }

  /** Remove a session's transcript, and what belongs to it alone. Not there: nothing to do. */
  async remove(sessionId: string): Promise<void> {
    for (const folder of await this.#find(sessionId)) {
      await rm(join(folder, `${sessionId}.jsonl`), { force: true });
      await rm(join(folder, sessionId), { recursive: true, force: true });
    }
  }

  async #find(sessionId: string): Promise<string[]> {
    // It becomes part of a path below; Claude's ids are UUIDs and nothing else is looked for.
    if (!uuid.test(sessionId)) return [];
    const entries = await readdir(this.#projects, { withFileTypes: true }).catch(noneWhereMissing);
    const folders = entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(this.#projects, entry.name));
    const found = await Promise.all(
      folders.map(async (folder) =>
        (await exists(join(folder, `${sessionId}.jsonl`))) ? folder : undefined,
      ),
    );
    return found.filter((folder) => folder !== undefined);
  }
}

/** Only what is not there is not there: a fault of the file system must not cost a conversation. */
function noneWhereMissing(error: unknown): never[] {
  if (isMissing(error)) return [];
  throw error;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    (error: unknown) => {
      if (isMissing(error)) return false;
      throw error;
    },
  );
