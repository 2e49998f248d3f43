import { rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { ChatKey } from '@mini-claude-bot/contract';
import type { Logger } from '../host/logger.ts';
import type { HarnessArchive } from './harness-archive.ts';
import type { Harness, HarnessFinder } from './harness-finder.ts';
import { countTasks } from './harness-tasks.ts';

/** What a clean-up came to. */
export interface CleanupReport {
  cleaned: number;
  archived: number;
  skipped: number;
  readonly details: string[];
}

/** Where a chat has harnesses, and what is at work. */
export interface CleanupPlace {
  readonly chat: ChatKey;
  readonly workingDirectory: string;
  /** Where tasks of the chat found a harness. */
  readonly known: readonly string[];
  /** A turn or a task of the chat may be working on that harness. */
  readonly isBusy: (directory: string) => boolean;
}

/** Puts finished harnesses away: into the archive first, and nothing that is not in there is removed. */
export class HarnessCleanup {
  readonly #finder: HarnessFinder;
  readonly #archive: HarnessArchive;
  readonly #logger: Logger;

  constructor(finder: HarnessFinder, archive: HarnessArchive, logger: Logger) {
    this.#finder = finder;
    this.#archive = archive;
    this.#logger = logger;
  }

  async run(place: CleanupPlace, report: CleanupReport): Promise<void> {
    const { workingDirectory, known } = place;
    const harnesses = new Map<string, Harness>();
    for (const candidate of [...known, undefined]) {
      const found = this.#finder.find({ workingDirectory, known: candidate });
      if (found !== undefined) harnesses.set(found.directory, found);
    }
    for (const harness of harnesses.values()) await this.#cleanUp(harness, place, report);
  }

  async #cleanUp(harness: Harness, place: CleanupPlace, report: CleanupReport): Promise<void> {
    const { directory, tasks } = harness;
    const name = tasks?.projectName ?? directory;
    const skip = (why: string): void => {
      report.skipped += 1;
      report.details.push(`${name}: ${why}`);
    };
    if (place.isBusy(directory)) return skip('is being worked on, and stays as it is.');
    const { total, done } = countTasks(tasks?.tasks ?? []);
    try {
      if (total === 0 || done < total) {
        if (await this.#archive.archive(place.chat, directory)) report.archived += 1;
        return skip(`${done} of ${total} tasks are done; archived, and kept where it is.`);
      }
      const { copied, removed } = await this.#archive.moveAway(place.chat, directory);
      if (copied) report.archived += 1;
      if (!removed) return skip('was changed meanwhile, and stays as it is.');
      report.cleaned += 1;
      report.details.push(`${name}: all ${total} tasks are done; archived and put away.`);
      await removePointer(directory, place.workingDirectory);
    } catch (error) {
      this.#logger.error({ err: error, directory }, 'a harness could not be archived');
      skip('could not be archived, and stays as it is. The log of the gateway says why.');
    }
  }
}

/** What it pointed to is put away. */
async function removePointer(directory: string, workingDirectory: string): Promise<void> {
  const own = directory === workingDirectory || directory.startsWith(workingDirectory + sep);
  if (!own) await rm(join(workingDirectory, '.harness_project_dir'), { force: true });
}
