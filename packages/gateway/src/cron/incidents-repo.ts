import type { BotId, CronIncident, CronJobId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';

export interface IncidentRow {
  readonly id: number;
  readonly job_id: CronJobId;
  readonly bot_id: BotId;
  readonly job_name: string;
  readonly job_type: string;
  readonly kind: CronIncident['kind'];
  readonly message: string;
  readonly created_at_ms: number;
  readonly resolved_at_ms: number | null;
  readonly acknowledged_at_ms: number | null;
}

const select =
  'SELECT i.*, j.bot_id, j.job_type, j.name AS job_name FROM cron_incidents i JOIN cron_jobs j ON j.id = i.job_id';

/** What went wrong with jobs for longer. */
export class IncidentsRepo {
  readonly #insert;
  readonly #find;
  readonly #list;
  readonly #acknowledge;
  readonly #resolve;

  constructor(database: Database) {
    // One that is open says it already.
    this.#insert = database.prepare<
      [{ jobId: CronJobId; kind: CronIncident['kind']; message: string; at: number }]
    >(`
      INSERT INTO cron_incidents (job_id, kind, message, created_at_ms)
      SELECT :jobId, :kind, :message, :at WHERE NOT EXISTS (SELECT 1 FROM cron_incidents
        WHERE job_id = :jobId AND kind = :kind AND resolved_at_ms IS NULL)`);
    this.#find = database.prepare<[number], IncidentRow>(`${select} WHERE i.id = ?`);
    this.#list = database.prepare<
      [{ botId: BotId | null; open: 0 | 1; claude: 0 | 1; limit: number }],
      IncidentRow
    >(`${select}
      WHERE (:botId IS NULL OR j.bot_id = :botId) AND (:open = 0 OR i.acknowledged_at_ms IS NULL)
        AND (:claude = 0 OR j.job_type = 'claude')
      ORDER BY i.id DESC LIMIT :limit`);
    this.#acknowledge = database.prepare<[number, number]>(
      'UPDATE cron_incidents SET acknowledged_at_ms = coalesce(acknowledged_at_ms, ?) WHERE id = ?',
    );
    this.#resolve = database.prepare<[{ jobId: CronJobId; kind: string; at: number }]>(`
      UPDATE cron_incidents SET resolved_at_ms = :at
      WHERE job_id = :jobId AND kind = :kind AND resolved_at_ms IS NULL`);
  }

  /** Nothing happens where the job has an open one of that kind. */
  open(jobId: CronJobId, kind: CronIncident['kind'], message: string, nowMs: number): void {
    this.#insert.run({ jobId, kind, message, at: nowMs });
  }

  find(id: number): IncidentRow | undefined {
    return this.#find.get(id);
  }

  /** Newest first. @param claude of Claude jobs only */
  list(botId: BotId | undefined, open: boolean, limit: number, claude: boolean): IncidentRow[] {
    const filter = { botId: botId ?? null, open: open ? 1 : 0, claude: claude ? 1 : 0 } as const;
    return this.#list.all({ ...filter, limit });
  }

  acknowledge(id: number, nowMs: number): void {
    this.#acknowledge.run(nowMs, id);
  }

  resolve(jobId: CronJobId, kind: CronIncident['kind'], nowMs: number): void {
    this.#resolve.run({ jobId, kind, at: nowMs });
  }
}
