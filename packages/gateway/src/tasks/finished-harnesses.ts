import type { HarnessArchive } from '../harness/harness-archive.ts';
import type { Logger } from '../host/logger.ts';
import { chatOf, type TaskRow } from './task.ts';
import type { TasksRepo } from './tasks-repo.ts';

/**
 * Archives the harnesses of tasks that have come to their end. That it is owed is a row: what could not be
 * archived, as on a full disk or because the gateway died, is tried again.
 */
export class FinishedHarnesses {
  readonly #tasks: TasksRepo;
  readonly #archive: HarnessArchive;
  readonly #logger: Logger;
  #pass: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(tasks: TasksRepo, archive: HarnessArchive, logger: Logger) {
    this.#tasks = tasks;
    this.#archive = archive;
    this.#logger = logger;
  }

  /** Archive what is owed. Never rejects. */
  settle(): Promise<void> {
    this.#pass = this.#pass.then(() => this.#settle());
    return this.#pass;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#pass;
  }

  async #settle(): Promise<void> {
    if (this.#closed) return;
    try {
      for (const task of this.#tasks.archiveOwed()) {
        if (this.#closed) return;
        await this.#pay(task);
      }
    } catch (error) {
      this.#logger.error({ err: error }, 'which harnesses are to be archived is not known now');
    }
  }

  /** One that can't be archived holds up no other. */
  async #pay(task: TaskRow): Promise<void> {
    const { harness_directory: directory, seq, id } = task;
    try {
      if (directory !== null) await this.#archive.archive(chatOf(task), directory);
      this.#tasks.setArchived(seq);
    } catch (error) {
      this.#logger.error({ err: error, task: id }, 'a finished harness is not archived yet');
    }
  }
}
