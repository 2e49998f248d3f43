import type { HarnessFigures, HarnessJob } from '@mini-claude-bot/contract';
import type { HarnessArchive } from '../harness/harness-archive.ts';

/** Who knows of tasks that run in the background, and of those that have ended. */
export interface HarnessSource {
  readonly jobs: () => Promise<{
    readonly running: readonly HarnessJob[];
    readonly completed: readonly HarnessJob[];
  }>;
}

/** Archived projects that are told of; all of them are counted. */
const mostTold = 100;

export async function harnessFigures(
  source: HarnessSource,
  archive: Pick<HarnessArchive, 'entries'>,
): Promise<HarnessFigures> {
  const [{ running, completed }, archived] = await Promise.all([source.jobs(), archive.entries()]);
  return {
    running_jobs: [...running],
    completed_jobs: [...completed],
    archived_count: archived.length,
    archived_projects: archived
      .toSorted((a, b) => (a.archived_at < b.archived_at ? 1 : -1))
      .slice(0, mostTold)
      .map((entry) => ({
        uuid: entry.uuid,
        project_name: entry.project_name,
        bot_id: entry.bot_id,
        chat_id: entry.chat_id,
        original_cwd: entry.original_cwd,
        archived_at: entry.archived_at,
        status: entry.status,
        tasks_done: entry.tasks_done,
        tasks_total: entry.tasks_total,
        tasks_blocked: entry.tasks_blocked,
      })),
  };
}
