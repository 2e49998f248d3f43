import type { TurnId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { ChainProgress } from './decide-next-step.ts';
import type { StepKind, StepRow } from './task.ts';

/** A step to be stored. */
export interface NewStep {
  readonly taskSeq: number;
  readonly n: number;
  readonly kind: StepKind;
  readonly prompt: string;
  readonly dueAtMs: number;
  readonly before: ChainProgress | undefined;
}

type Row = Record<string, string | number | null>;

/** The steps of tasks. A step becomes a turn once. */
export class TaskStepsRepo {
  readonly #insert;
  readonly #of;
  readonly #waitingOf;
  readonly #byTurn;
  readonly #begin;
  readonly #end;
  readonly #drop;

  constructor(database: Database) {
    this.#insert = database.prepare<[Row]>(`
      INSERT INTO task_steps (task_seq, n, kind, prompt, state, due_at_ms, total_before, done_before, blocked_before)
      VALUES (:taskSeq, :n, :kind, :prompt, 'waiting', :dueAtMs, :total, :done, :blocked)`);
    this.#of = database.prepare<[number], StepRow>(
      'SELECT * FROM task_steps WHERE task_seq = ? ORDER BY n',
    );
    this.#waitingOf = database.prepare<[number], StepRow>(
      "SELECT * FROM task_steps WHERE task_seq = ? AND state = 'waiting'",
    );
    this.#byTurn = database.prepare<[TurnId], StepRow>(
      'SELECT * FROM task_steps WHERE turn_id = ?',
    );
    this.#begin = database.prepare<[{ taskSeq: number; n: number; turnId: TurnId }]>(`
      UPDATE task_steps SET state = 'begun', turn_id = :turnId
      WHERE task_seq = :taskSeq AND n = :n AND state = 'waiting'`);
    this.#end = database.prepare<[{ taskSeq: number; n: number; progressed: 0 | 1 }]>(`
      UPDATE task_steps SET state = 'ended', progressed = :progressed
      WHERE task_seq = :taskSeq AND n = :n AND state = 'begun'`);
    this.#drop = database.prepare<[number]>(
      "UPDATE task_steps SET state = 'dropped' WHERE task_seq = ? AND state = 'waiting'",
    );
  }

  insert({ before, ...step }: NewStep): void {
    const { total = null, done = null, blocked = null } = before ?? {};
    this.#insert.run({ ...step, total, done, blocked });
  }

  /** In their order. */
  of(taskSeq: number): StepRow[] {
    return this.#of.all(taskSeq);
  }

  waitingOf(taskSeq: number): StepRow | undefined {
    return this.#waitingOf.get(taskSeq);
  }

  byTurn(turnId: TurnId): StepRow | undefined {
    return this.#byTurn.get(turnId);
  }

  /** @returns false when it waits no longer: it must not be run */
  begin(taskSeq: number, n: number, turnId: TurnId): boolean {
    return this.#begin.run({ taskSeq, n, turnId }).changes === 1;
  }

  end(taskSeq: number, n: number, progressed: boolean): void {
    this.#end.run({ taskSeq, n, progressed: progressed ? 1 : 0 });
  }

  /** What waits of a task never runs. */
  drop(taskSeq: number): void {
    this.#drop.run(taskSeq);
  }
}
