import type { Database } from '../db/database.ts';

/** Rows of the database that say how things are. */
export interface StoredSituation {
  readonly failingJobs: number;
  readonly deadDeliveries: number;
  readonly blockedTasks: number;
  readonly failedTurns: number;
}

export interface BotRow {
  readonly bot_id: string;
  readonly chats: number;
  readonly memories: number;
  readonly jobs: number;
}

const hourMs = 3_600_000;
const weekMs = 7 * 24 * hourMs;

/** Counts over all bots. */
export class OverviewRepo {
  readonly #situation;
  readonly #bots;

  constructor(database: Database) {
    // Of turns the newest are looked at alone: there is no index on when they ended.
    this.#situation = database.prepare<
      [{ hourAgo: number; weekAgo: number }],
      StoredSituation
    >(`SELECT
      (SELECT count(DISTINCT job_id) FROM cron_incidents WHERE resolved_at_ms IS NULL AND acknowledged_at_ms IS NULL)
        AS failingJobs,
      (SELECT count(*) FROM deliveries WHERE state = 'dead') AS deadDeliveries,
      (SELECT count(*) FROM tasks t WHERE state = 'blocked' AND forgotten = 0 AND finished_at_ms >= :weekAgo
        AND NOT EXISTS (SELECT 1 FROM tasks n WHERE n.bot_id = t.bot_id AND n.chat_id = t.chat_id
          AND n.project_id = t.project_id AND n.seq > t.seq)) AS blockedTasks,
      (SELECT count(*) FROM (SELECT state, finished_at_ms FROM turns ORDER BY seq DESC LIMIT 1000)
        WHERE state IN ('failed', 'refused') AND finished_at_ms >= :hourAgo) AS failedTurns`);
    this.#bots = database.prepare<[], BotRow>(`
      SELECT bot_id, sum(chats) AS chats, sum(memories) AS memories, sum(jobs) AS jobs FROM (
        SELECT bot_id, count(*) AS chats, 0 AS memories, 0 AS jobs FROM conversations GROUP BY bot_id
        UNION ALL SELECT bot_id, 0, count(*), 0 FROM memory GROUP BY bot_id
        UNION ALL SELECT bot_id, 0, 0, count(*) FROM cron_jobs GROUP BY bot_id
        UNION ALL SELECT bot_id, 0, 0, 0 FROM access_tokens WHERE bot_id IS NOT NULL AND revoked_at_ms IS NULL)
      GROUP BY bot_id ORDER BY bot_id`);
  }

  situation(now: number): StoredSituation {
    const found = this.#situation.get({ hourAgo: now - hourMs, weekAgo: now - weekMs });
    if (found === undefined) throw new Error('a count has no row');
    return found;
  }

  bots(): BotRow[] {
    return this.#bots.all();
  }
}
