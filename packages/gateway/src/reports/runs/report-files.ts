import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GatewayError } from '@mini-claude-bot/contract';
import { isMissing } from '../../host/is-missing.ts';
import type { ReportFile, ReportRun } from './run.ts';

/** A report as files. */
export interface SetReport {
  readonly pdf: Uint8Array;
  readonly text: string;
  readonly html: string;
}

type Place = Pick<ReportRun, 'id' | 'report' | 'day'>;

const endings = { pdf: 'pdf', text: 'txt', html: 'html' } as const;

/** Finished reports: a directory for each, `{report}/{day}-{beginning of its id}`, its owner's alone. */
export class ReportFiles {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Write what a run came to, whole or not at all; what was written for it before is replaced. */
  async write(run: Place, set: SetReport): Promise<ReportFile[]> {
    const directory = this.#directory(run);
    const unfinished = unfinishedOf(directory);
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true, mode: 0o700 });
    const files: ReportFile[] = [];
    for (const [kind, ending] of Object.entries(endings)) {
      const content = Buffer.from(set[kind as keyof typeof endings]);
      const name = `${run.report}-${run.day}.${ending}`;
      await writeFile(join(unfinished, name), content, { mode: 0o600, flush: true });
      files.push({ kind: kind as keyof typeof endings, name, size: content.length });
    }
    await rm(directory, { recursive: true, force: true });
    await rename(unfinished, directory);
    await flush(join(directory, '..'));
    return files;
  }

  /** @throws GatewayError `not_found` where it was deleted by hand */
  async read(run: Place, { name }: ReportFile): Promise<Buffer> {
    try {
      return await readFile(join(this.#directory(run), name));
    } catch (error) {
      if (!isMissing(error)) throw error;
      throw new GatewayError('not_found', `The file ${name} of this report is not there any more.`);
    }
  }

  async remove(run: Place): Promise<void> {
    const directory = this.#directory(run);
    // What was never finished goes with it: nobody would look for it any more.
    for (const each of [directory, unfinishedOf(directory)])
      await rm(each, { recursive: true, force: true });
  }

  #directory({ id, report, day }: Place): string {
    return join(this.#root, report, `${day}-${id.slice(0, 8)}`);
  }
}

const unfinishedOf = (directory: string): string => `${directory}.unfinished`;

/** So that the new name in it survives a loss of power. */
async function flush(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
