import type { CronJobId, CronJobType, CronTrigger, TurnId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import { isoTime } from './iso-time.ts';
import type { RunOutcome, RunRow, RunRowWithUsage } from './run-row.ts';

/** A run that waits, or one that will never be. */
export interface NewRun {
  readonly jobId: CronJobId;
  readonly jobType: CronJobType;
  readonly state: 'queued' | 'missed' | 'skipped';
  readonly trigger: CronTrigger;
  readonly scheduledAtMs: number | null;
  readonly dueAtMs: number;
  readonly nowMs: number;
  readonly why: string | null;
}

const isActive = "state IN ('queued', 'running')";

/** The runs: one row for each occurrence of a job, whatever became of it. */
export class RunsRepo {
  readonly #insert;
  readonly #find;
  readonly #byTurn;
  readonly #list;
  readonly #active;
  readonly #startable;
  readonly #setType;
  readonly #nextQueued;
  readonly #begin;
  readonly #requeue;
  readonly #setTurn;
  readonly #end;
  readonly #setDelivery;
  readonly #leaveOut;
  readonly #forgetAhead;
  readonly #hurry;
  readonly #late;
  readonly #running;
  readonly #adopt;
  readonly #prune;
  readonly #onOver;

  /** @param onOver told that the end of a run is being written, in the transaction that does so */
  constructor(database: Database, onOver: (id: number) => void = () => {}) {
    this.#onOver = onOver;
    this.#insert = database.prepare<[Record<string, string | number | null>]>(`
      INSERT INTO cron_job_runs (job_id, job_type, started_at, finished_at, success, state, triggered_by,
        scheduled_at_ms, due_at_ms, attempt, ended_at_ms, why)
      VALUES (:jobId, :jobType, :at, :finishedAt, :success, :state, :trigger, :scheduledAtMs, :dueAtMs, 0, :endedAtMs, :why)
      ON CONFLICT (job_id, scheduled_at_ms) DO NOTHING`);
    this.#find = database.prepare<[number], RunRow>('SELECT * FROM cron_job_runs WHERE id = ?');
    this.#byTurn = database.prepare<[TurnId], RunRow>(
      'SELECT * FROM cron_job_runs WHERE turn_id = ?',
    );
    this.#list = database.prepare<
      [{ jobId: CronJobId; before: number | null; limit: number; claude: 0 | 1 }],
      RunRowWithUsage
    >(`
      SELECT r.*, t.input_tokens, t.output_tokens, t.cache_read_tokens, t.cache_creation_tokens, t.cost_usd
      FROM cron_job_runs r LEFT JOIN turns t ON t.id = r.turn_id
      WHERE r.job_id = :jobId AND (:before IS NULL OR r.id < :before)
        AND (:claude = 0 OR r.job_type = 'claude')
      ORDER BY r.id DESC LIMIT :limit`);
    this.#active = database.prepare<[CronJobId], RunRow>(
      `SELECT * FROM cron_job_runs WHERE job_id = ? AND ${isActive} ORDER BY id`,
    );
    this.#startable = database.prepare<
      [{ now: number; type: CronJobType; limit: number }],
      RunRow
    >(`
      SELECT r.* FROM cron_job_runs r JOIN cron_jobs j ON j.id = r.job_id
      WHERE r.state = 'queued' AND r.job_type = :type AND r.not_before_ms <= :now
        AND ((j.overlap = 'parallel' AND r.triggered_by <> 'catch-up') OR NOT EXISTS
          (SELECT 1 FROM cron_job_runs a WHERE a.job_id = r.job_id AND a.state = 'running'))
      ORDER BY r.due_at_ms, r.id LIMIT :limit`);
    this.#setType = database.prepare<[CronJobType, CronJobId]>(
      "UPDATE cron_job_runs SET job_type = ? WHERE job_id = ? AND state = 'queued'",
    );
    this.#nextQueued = database
      .prepare<[number], number | null>(
        "SELECT min(not_before_ms) FROM cron_job_runs WHERE state = 'queued' AND not_before_ms > ?",
      )
      .pluck();
    this.#begin = database.prepare<[{ id: number; owner: string; at: string; now: number }]>(`
      UPDATE cron_job_runs SET state = 'running', owner = :owner, started_at = :at, begun_at_ms = :now,
        attempt = attempt + 1, turn_id = NULL, why = NULL
      WHERE id = :id AND state = 'queued' AND ((triggered_by <> 'catch-up'
          AND (SELECT overlap FROM cron_jobs j WHERE j.id = job_id) = 'parallel')
        OR NOT EXISTS (SELECT 1 FROM cron_job_runs a
          WHERE a.job_id = cron_job_runs.job_id AND a.state = 'running'))`);
    this.#requeue = database.prepare<
      [{ id: number; notBefore: number; attempt: number; why: string | null }]
    >(`
      UPDATE cron_job_runs SET state = 'queued', not_before_ms = :notBefore, attempt = :attempt, why = :why
      WHERE id = :id AND state = 'running'`);
    this.#setTurn = database.prepare<[TurnId, number]>(
      'UPDATE cron_job_runs SET turn_id = ? WHERE id = ?',
    );
    this.#end = database.prepare<[Record<string, string | number | null>]>(`
      UPDATE cron_job_runs SET state = :state, success = :success, finished_at = :at, ended_at_ms = :now,
        result = :result, why = :why, exit_code = :exitCode, stdout = :stdout, stderr = :stderr
      WHERE id = :id AND ${isActive}`);
    this.#setDelivery = database.prepare<[string, number]>(
      'UPDATE cron_job_runs SET delivery_id = ? WHERE id = ?',
    );
    this.#leaveOut = database.prepare<
      [{ id: number; state: string; why: string; at: string; now: number }]
    >(`
      UPDATE cron_job_runs SET state = :state, success = 0, started_at = :at, finished_at = :at,
        ended_at_ms = :now, why = :why WHERE id = :id AND state = 'queued'`);
    this.#forgetAhead = database.prepare<[CronJobId, number]>(`
      DELETE FROM cron_job_runs WHERE job_id = ? AND scheduled_at_ms > ? AND state IN ('missed', 'skipped')`);
    this.#hurry = database.prepare<[{ now: number; latest: number }]>(
      "UPDATE cron_job_runs SET not_before_ms = :now WHERE state = 'queued' AND not_before_ms > :latest",
    );
    this.#late = database.prepare<[number], RunRow>(`
      SELECT * FROM cron_job_runs WHERE state = 'queued' AND due_at_ms < ? AND attempt = 0
        AND triggered_by = 'schedule'`);
    this.#running = database.prepare<[], RunRow>(
      "SELECT * FROM cron_job_runs WHERE state = 'running' ORDER BY id",
    );
    this.#adopt = database.prepare<[string, number]>(
      'UPDATE cron_job_runs SET owner = ? WHERE id = ?',
    );
    this.#prune = database.prepare<[{ jobId: CronJobId; keep: number; latest: number }]>(`
      DELETE FROM cron_job_runs WHERE job_id = :jobId AND NOT (${isActive}) AND id <> :latest AND id <=
        (SELECT id FROM cron_job_runs WHERE job_id = :jobId AND NOT (${isActive})
          ORDER BY id DESC LIMIT 1 OFFSET :keep)`);
  }

  /** @returns its id; undefined: that occurrence has a row already */
  insert({
    jobId,
    jobType,
    state,
    trigger,
    scheduledAtMs,
    dueAtMs,
    nowMs,
    why,
  }: NewRun): number | undefined {
    const over = state !== 'queued';
    const at = isoTime(nowMs);
    const { changes, lastInsertRowid } = this.#insert.run({
      jobId,
      jobType,
      state,
      trigger,
      scheduledAtMs,
      dueAtMs,
      why,
      at,
      finishedAt: over ? at : null,
      success: over ? 0 : null,
      endedAtMs: over ? nowMs : null,
    });
    if (changes === 0) return undefined;
    const id = Number(lastInsertRowid);
    if (over) this.#onOver(id);
    return id;
  }

  find(id: number): RunRow | undefined {
    return this.#find.get(id);
  }

  findByTurn(turnId: TurnId): RunRow | undefined {
    return this.#byTurn.get(turnId);
  }

  /** Newest first. @param claude without those of a time when the job was one for the shell */
  list(
    jobId: CronJobId,
    before: number | undefined,
    limit: number,
    claude = false,
  ): RunRowWithUsage[] {
    return this.#list.all({ jobId, before: before ?? null, limit, claude: claude ? 1 : 0 });
  }

  /** A job's runs that wait or go on. */
  active(jobId: CronJobId): RunRow[] {
    return this.#active.all(jobId);
  }

  /** Runs of a type of job that may begin now, longest due first. */
  startable(nowMs: number, type: CronJobType, limit: number): RunRow[] {
    return this.#startable.all({ now: nowMs, type, limit });
  }

  /** Those of a job that wait are of another type now. */
  setType(jobId: CronJobId, type: CronJobType): void {
    this.#setType.run(type, jobId);
  }

  /** When the first of those comes that wait for a time that is still to come. */
  nextQueuedMs(nowMs: number): number | undefined {
    return this.#nextQueued.get(nowMs) ?? undefined;
  }

  /** @returns false: somebody else has begun it, or it may not begin yet */
  begin(id: number, owner: string, nowMs: number): boolean {
    return this.#begin.run({ id, owner, at: isoTime(nowMs), now: nowMs }).changes === 1;
  }

  /** It is to be begun again. @param attempt how often it counts as begun */
  requeue(id: number, notBefore: number, attempt: number, why: string | null): void {
    this.#requeue.run({ id, notBefore, attempt, why });
  }

  setTurn(id: number, turnId: TurnId): void {
    this.#setTurn.run(turnId, id);
  }

  end(id: number, outcome: RunOutcome, nowMs: number): void {
    const { changes } = this.#end.run({
      id,
      state: outcome.state,
      success: outcome.state === 'succeeded' ? 1 : 0,
      at: isoTime(nowMs),
      now: nowMs,
      result: outcome.result,
      why: outcome.why ?? null,
      exitCode: outcome.exitCode ?? null,
      stdout: outcome.stdout ?? null,
      stderr: outcome.stderr ?? null,
    });
    if (changes === 1) this.#onOver(id);
  }

  setDelivery(id: number, deliveryId: string): void {
    this.#setDelivery.run(deliveryId, id);
  }

  running(): RunRow[] {
    return this.#running.all();
  }

  adopt(id: number, owner: string): void {
    this.#adopt.run(owner, id);
  }

  /** One that waits is not run. */
  leaveOut(id: number, state: 'missed' | 'skipped', why: string, nowMs: number): void {
    const { changes } = this.#leaveOut.run({ id, state, why, at: isoTime(nowMs), now: nowMs });
    if (changes === 1) this.#onOver(id);
  }

  /** What was not run at times that are still to come, by a clock that was ahead, is decided anew. */
  forgetAhead(jobId: CronJobId, nowMs: number): void {
    this.#forgetAhead.run(jobId, nowMs);
  }

  /** What waits for a time after `latestMs`, by a clock that was ahead, waits no longer. */
  hurry(nowMs: number, latestMs: number): void {
    this.#hurry.run({ now: nowMs, latest: latestMs });
  }

  /** Those that wait for their first try, and were due before that time. */
  late(dueBeforeMs: number): RunRow[] {
    return this.#late.all(dueBeforeMs);
  }

  /** Keep only the newest so many of a job that are over. @param latest stays in any case */
  prune(jobId: CronJobId, keep: number, latest = 0): void {
    this.#prune.run({ jobId, keep, latest });
  }
}
