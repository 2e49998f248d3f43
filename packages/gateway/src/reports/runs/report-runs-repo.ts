import type { ErrorCode, TurnId } from '@mini-claude-bot/contract';
import { z } from 'zod';
import type { Database } from '../../db/database.ts';
import { type ReportContent, reportContent } from '../content.ts';
import { type ReportDefinition, reportDefinition } from '../definitions/definition.ts';
import type { Ask, Audience, ReportFile, ReportRun, RunState } from './run.ts';

export interface NewRun {
  readonly id: string;
  readonly report: string;
  readonly day: string;
  readonly key: string | null;
  readonly audience: Audience;
  readonly definition: ReportDefinition;
  readonly createdAtMs: number;
}

/** Which runs to list. */
export interface RunFilter {
  readonly report?: string | undefined;
  /** Only runs that began before that one. */
  readonly before?: string | undefined;
  readonly limit: number;
}

interface Row {
  readonly seq: number;
  readonly id: string;
  readonly report: string;
  readonly day: string;
  readonly key: string | null;
  readonly audience: Audience;
  readonly state: RunState;
  readonly definition: string;
  readonly content: string | null;
  readonly problem: string | null;
  readonly files: string;
  readonly mail_id: string | null;
  readonly created_at_ms: number;
  readonly finished_at_ms: number | null;
}

interface AskRow {
  readonly run_seq: number;
  readonly n: number;
  readonly section: string | null;
  readonly turn_id: TurnId;
  readonly state: Ask['state'];
  readonly answer: string | null;
  readonly error_code: ErrorCode | null;
  readonly problem: string | null;
}

const Files = z.array(
  z.object({ kind: z.enum(['pdf', 'text', 'html']), name: z.string(), size: z.int() }),
);

/** The tables of runs of reports, and of what Claude was asked for them. */
export class ReportRunsRepo {
  readonly #insert;
  readonly #find;
  readonly #findByKey;
  readonly #list;
  readonly #open;
  readonly #earlier;
  readonly #setContent;
  readonly #finish;
  readonly #end;
  readonly #restart;
  readonly #delete;
  readonly #reports;
  readonly #ended;
  readonly #addAsk;
  readonly #asks;
  readonly #askOf;
  readonly #endAsk;
  readonly #dropAsks;

  constructor(database: Database) {
    this.#insert = database.prepare<[Omit<NewRun, 'definition'> & { definition: string }]>(`
      INSERT INTO report_runs (id, report, day, key, audience, state, definition, created_at_ms)
      VALUES (:id, :report, :day, :key, :audience, 'writing', :definition, :createdAtMs)`);
    this.#find = database.prepare<[string], Row>('SELECT * FROM report_runs WHERE id = ?');
    this.#findByKey = database.prepare<[string], Row>('SELECT * FROM report_runs WHERE key = ?');
    this.#list = database.prepare<
      [{ report: string | null; before: string | null; limit: number }],
      Row
    >(`
      SELECT * FROM report_runs WHERE (:report IS NULL OR report = :report)
        AND (:before IS NULL OR seq < (SELECT seq FROM report_runs WHERE id = :before))
      ORDER BY seq DESC LIMIT :limit`);
    this.#open = database.prepare<[], Row>(
      "SELECT * FROM report_runs WHERE state IN ('writing', 'checking', 'setting') ORDER BY seq",
    );
    this.#earlier = database.prepare<[{ report: string; from: string; day: string }], Row>(`
      SELECT * FROM report_runs WHERE report = :report AND state = 'finished' AND audience = 'all'
        AND day >= :from AND day < :day ORDER BY day DESC, seq DESC`);
    this.#setContent = database.prepare<[{ seq: number; state: RunState; content: string }]>(
      'UPDATE report_runs SET state = :state, content = :content WHERE seq = :seq',
    );
    this.#finish = database.prepare<
      [{ seq: number; files: string; mailId: string | null; at: number }]
    >(`
      UPDATE report_runs SET state = 'finished', files = :files, mail_id = :mailId, finished_at_ms = :at
      WHERE seq = :seq`);
    this.#end = database.prepare<
      [{ seq: number; state: 'failed' | 'stopped'; problem: string; at: number }]
    >(`
      UPDATE report_runs SET state = :state, problem = :problem, finished_at_ms = :at
      WHERE seq = :seq AND finished_at_ms IS NULL`);
    this.#restart = database.prepare<[{ seq: number; state: RunState }]>(
      'UPDATE report_runs SET state = :state, problem = NULL, finished_at_ms = NULL WHERE seq = :seq',
    );
    this.#delete = database.prepare<[number]>('DELETE FROM report_runs WHERE seq = ?');
    this.#reports = database
      .prepare<[], string>('SELECT DISTINCT report FROM report_runs ORDER BY report')
      .pluck();
    this.#ended = database.prepare<[string], Row>(
      'SELECT * FROM report_runs WHERE report = ? AND finished_at_ms IS NOT NULL ORDER BY seq DESC',
    );
    this.#addAsk = database.prepare<
      [{ seq: number; n: number; section: string | null; turnId: TurnId }]
    >(`
      INSERT INTO report_asks (run_seq, n, section, turn_id, state) VALUES (:seq, :n, :section, :turnId, 'asked')`);
    this.#asks = database.prepare<[number], AskRow>(
      'SELECT * FROM report_asks WHERE run_seq = ? ORDER BY n',
    );
    this.#askOf = database.prepare<[TurnId], Row>(`
      SELECT r.* FROM report_runs r JOIN report_asks a ON a.run_seq = r.seq WHERE a.turn_id = ?`);
    this.#endAsk = database.prepare<
      [Pick<Ask, 'turnId' | 'state' | 'errorCode' | 'problem'> & { answer: string | null }]
    >(`
      UPDATE report_asks SET state = :state, answer = :answer, error_code = :errorCode, problem = :problem
      WHERE turn_id = :turnId`);
    this.#dropAsks = database.prepare<[number]>('DELETE FROM report_asks WHERE run_seq = ?');
  }

  insert({ definition, ...run }: NewRun): void {
    this.#insert.run({ ...run, definition: JSON.stringify(definition) });
  }

  find(id: string): ReportRun | undefined {
    return runOf(this.#find.get(id));
  }

  findByKey(key: string): ReportRun | undefined {
    return runOf(this.#findByKey.get(key));
  }

  byTurn(turnId: TurnId): ReportRun | undefined {
    return runOf(this.#askOf.get(turnId));
  }

  /** Newest first. */
  list({ report, before, limit }: RunFilter): ReportRun[] {
    return runsOf(this.#list.all({ report: report ?? null, before: before ?? null, limit }));
  }

  /** Those that have not ended, oldest first. */
  open(): ReportRun[] {
    return runsOf(this.#open.all());
  }

  /** What a report has said to all whom it goes to, from one day on and before another, newest first. */
  earlier(report: string, from: string, day: string): ReportContent[] {
    return runsOf(this.#earlier.all({ report, from, day })).flatMap(({ content }) => content ?? []);
  }

  /** The names of those that there are runs of. */
  reports(): string[] {
    return this.#reports.all();
  }

  /** Of one report, newest first. */
  ended(report: string): ReportRun[] {
    return runsOf(this.#ended.all(report));
  }

  setContent(seq: number, state: RunState, content: ReportContent): void {
    this.#setContent.run({ seq, state, content: JSON.stringify(content) });
  }

  finish(seq: number, files: readonly ReportFile[], mailId: string | null, at: number): void {
    this.#finish.run({ seq, files: JSON.stringify(files), mailId, at });
  }

  /** @returns false when it had ended already */
  end(seq: number, state: 'failed' | 'stopped', problem: string, at: number): boolean {
    return this.#end.run({ seq, state, problem, at }).changes === 1;
  }

  /** One that failed is taken up again: from where its text was there, or from the beginning. */
  restart({ seq, content }: ReportRun): void {
    if (content === undefined) this.#dropAsks.run(seq);
    this.#restart.run({ seq, state: content === undefined ? 'writing' : 'checking' });
  }

  delete(seq: number): void {
    this.#delete.run(seq);
  }

  addAsk(seq: number, n: number, section: string | null, turnId: TurnId): void {
    this.#addAsk.run({ seq, n, section, turnId });
  }

  asks(seq: number): Ask[] {
    return this.#asks.all(seq).map((row) => ({
      n: row.n,
      section: row.section,
      turnId: row.turn_id,
      state: row.state,
      answer: row.answer === null ? undefined : (JSON.parse(row.answer) as unknown),
      errorCode: row.error_code,
      problem: row.problem,
    }));
  }

  /** @param ended `answer`: JSON */
  endAsk(
    ended: Pick<Ask, 'turnId' | 'state' | 'errorCode' | 'problem'> & { answer: string | null },
  ): void {
    this.#endAsk.run(ended);
  }
}

const runsOf = (rows: readonly Row[]): ReportRun[] => rows.flatMap((row) => runOf(row) ?? []);

function runOf(row: Row | undefined): ReportRun | undefined {
  if (row === undefined) return undefined;
  return {
    seq: row.seq,
    id: row.id,
    report: row.report,
    day: row.day,
    key: row.key,
    audience: row.audience,
    state: row.state,
    definition: reportDefinition.parse(JSON.parse(row.definition)),
    content: row.content === null ? undefined : reportContent.parse(JSON.parse(row.content)),
    problem: row.problem,
    files: Files.parse(JSON.parse(row.files)),
    mailId: row.mail_id,
    createdAtMs: row.created_at_ms,
    finishedAtMs: row.finished_at_ms,
  };
}
