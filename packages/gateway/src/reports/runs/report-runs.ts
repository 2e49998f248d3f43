import { GatewayError, type TurnId } from '@mini-claude-bot/contract';
import type { Database } from '../../db/database.ts';
import type { Clock } from '../../host/clock.ts';
import type { Logger } from '../../host/logger.ts';
import type { KnownSecrets } from '../../secrets/known-secrets.ts';
import type { LaneSessions } from '../../sessions/lane-sessions.ts';
import type { LiveTurn } from '../../turns/live-turn.ts';
import type { RunResult } from '../../turns/turn-runner.ts';
import type { TurnService } from '../../turns/turn-service.ts';
import type { ReportContent } from '../content.ts';
import type { LinkVerdict } from '../links/check-links.ts';
import { addressesIn, contentOf, withVerdicts } from '../writing/compose-content.ts';
import { jsonIn } from '../writing/json-in.ts';
import { sectionPrompt, wholePrompt } from '../writing/prompts.ts';
import { reportPlace } from '../writing/report-lane.ts';
import { toldBefore } from '../writing/told-before.ts';
import { dayBefore } from './days.ts';
import type { ReportFiles, SetReport } from './report-files.ts';
import type { NewRun, ReportRunsRepo } from './report-runs-repo.ts';
import { isOpen, type ReportFile, type ReportRun } from './run.ts';
import { RunFailure } from './run-failure.ts';

/** What runs of reports are carried out with. */
export interface ReportRunsParts {
  readonly database: Database;
  readonly repo: ReportRunsRepo;
  readonly turns: TurnService;
  readonly sessions: LaneSessions;
  readonly files: ReportFiles;
  /** Ask for links. */
  readonly check: (
    addresses: readonly string[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, LinkVerdict>>;
  /** Make files of it. */
  readonly set: (run: ReportRun, content: ReportContent, signal: AbortSignal) => Promise<SetReport>;
  /** Put it into the mail, in the present transaction. @returns the mail's id */
  readonly mail: (run: ReportRun, content: ReportContent, set: SetReport) => string;
  /** Tell the owner that a run failed, in the present transaction. */
  readonly tellFailure: (run: ReportRun, problem: string) => void;
  /** A run has finished: older ones may be one too many. */
  readonly onFinished: (run: ReportRun) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: KnownSecrets;
}

const tryAgainMs = 5_000;
/** Faults that nobody foresaw, one after another, before a run is given up. */
const mostFaults = 5;
/** A run that is at something that is no turn. */
interface Work {
  readonly stop: AbortController;
  readonly done: Promise<void>;
  /** Something has happened meanwhile that it may not have seen. */
  again: boolean;
}

/** How far back it is looked for what was said already. */
const rememberedDays = 30;

/** It would be refused again. */
const isRefusal = (error: unknown): error is GatewayError =>
  error instanceof GatewayError &&
  error.code !== 'shutting_down' &&
  error.code !== 'database_unavailable';

/**
 * Carries runs of reports out. What a run has come to is in its row, so that one that was broken off, at whatever
 * moment, goes on from there; its mail is written in the transaction that finishes it, and so once.
 */
export class ReportRuns {
  readonly #parts: ReportRunsParts;
  readonly #working = new Map<string, Work>();
  readonly #waiting = new Map<string, ((run: ReportRun) => void)[]>();
  readonly #timers = new Set<() => void>();
  #closed = false;

  constructor(parts: ReportRunsParts) {
    this.#parts = parts;
  }

  /** @throws GatewayError `shutting_down`; SQLite's error when it can't be written */
  begin(run: NewRun): ReportRun {
    if (this.#closed) throw new GatewayError('shutting_down', 'The gateway is stopping.');
    const { repo } = this.#parts;
    repo.insert(run);
    this.#goOn(run.id);
    return this.#find(run.id);
  }

  /** Take one up again that failed. */
  restart(run: ReportRun): void {
    this.#parts.repo.restart(run);
    this.#goOn(run.id);
  }

  /** After a start, once turns are recovered: what was broken off goes on. */
  recover(): void {
    for (const { id } of this.#parts.repo.open()) this.#goOn(id);
  }

  /** Resolves when the run has ended; at once where it has. */
  ended(id: string): Promise<ReportRun> {
    return new Promise((resolve) => {
      const run = this.#find(id);
      if (!isOpen(run.state)) return resolve(run);
      this.#waiting.set(id, [...(this.#waiting.get(id) ?? []), resolve]);
    });
  }

  /** End a run that has not ended. @returns how it ended */
  async stop(id: string): Promise<ReportRun> {
    const { repo, turns, clock } = this.#parts;
    const run = this.#find(id);
    const working = this.#working.get(id);
    working?.stop.abort(new Error('it was stopped'));
    await working?.done;
    const turnId = repo.asks(run.seq).find(({ state }) => state === 'asked')?.turnId;
    repo.end(run.seq, 'stopped', 'Somebody stopped it.', clock.now());
    if (turnId !== undefined) await turns.cancel(turnId);
    const ended = this.#find(id);
    this.#over(ended);
    return ended;
  }

  /** Begin nothing more, and leave what is under way to the next start. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const cancel of this.#timers) cancel();
    for (const { stop } of this.#working.values()) stop.abort(new Error('the gateway is stopping'));
    await Promise.all([...this.#working.values()].map(({ done }) => done));
  }

  /** To be called in the transaction that ends a turn. */
  turnEnded({ id }: LiveTurn, result: RunResult): void {
    const { repo, secrets, clock } = this.#parts;
    const run = repo.byTurn(id);
    if (run === undefined) return;
    if (result.state === 'completed') {
      const answer = JSON.stringify(result.structured ?? jsonIn(result.text) ?? null);
      const shown = secrets.hide(answer);
      repo.endAsk({ turnId: id, state: 'answered', answer: shown, errorCode: null, problem: null });
      return;
    }
    const { code = null, message = 'Claude was stopped.' } = result.error ?? {};
    const failed = { turnId: id, state: 'failed' as const, answer: null };
    repo.endAsk({ ...failed, errorCode: code, problem: message });
    if (result.state === 'stopped')
      repo.end(run.seq, 'stopped', 'Somebody stopped it.', clock.now());
  }

  /** The end of a turn is written. Never throws. */
  afterTurn(id: TurnId): void {
    try {
      const run = this.#parts.repo.byTurn(id);
      if (run === undefined) return;
      if (isOpen(run.state)) this.#goOn(run.id);
      else this.#over(run);
    } catch (error) {
      this.#parts.logger.error({ err: error, turn: id }, 'a report could not be looked up yet');
      this.#later(() => this.afterTurn(id));
    }
  }

  /** Do what comes next, until the run has ended or waits for a turn. */
  #goOn(id: string, faults = 0): void {
    if (this.#closed) return;
    const working = this.#working.get(id);
    if (working !== undefined) {
      working.again = true;
      return;
    }
    const stop = new AbortController();
    const done = this.#work(id, stop.signal)
      .catch((error: unknown) => {
        if (stop.signal.aborted || this.#closed) return;
        this.#parts.logger.error({ err: error, report: id }, 'a report could not go on yet');
        this.#later(() => (faults < mostFaults ? this.#goOn(id, faults + 1) : this.#giveUp(id)));
      })
      .finally(() => {
        const again = this.#working.get(id)?.again === true;
        this.#working.delete(id);
        // Whoever stops it writes its end.
        if (again && !stop.signal.aborted) this.#goOn(id);
      });
    this.#working.set(id, { stop, done, again: false });
  }

  async #work(id: string, signal: AbortSignal): Promise<void> {
    // Whoever began it has it in the table of what is under way first.
    await Promise.resolve();
    for (;;) {
      signal.throwIfAborted();
      const run = this.#find(id);
      if (!isOpen(run.state)) return this.#over(run);
      const goesOn = await this.#step(run, signal);
      if (!goesOn) return;
    }
  }

  /** @returns whether there is more to do at once */
  async #step(run: ReportRun, signal: AbortSignal): Promise<boolean> {
    const { state, content } = run;
    try {
      if (state === 'writing' || content === undefined) return await this.#write(run);
      if (state === 'checking') await this.#check(run, content, signal);
      else await this.#set(run, content, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RunFailure) && !isRefusal(error)) throw error;
      this.#fail(run, error.message);
    }
    return true;
  }

  async #write(run: ReportRun): Promise<boolean> {
    const { repo, clock } = this.#parts;
    // It brings what reads Markdown, which only a gateway that writes reports has a use for.
    const { decideNext } = await import('./decide-next.ts');
    const { definition, seq, report, day } = run;
    const asks = repo.asks(seq);
    const next = decideNext(definition, asks);
    switch (next.kind) {
      case 'wait':
        return false;
      case 'ask whole': {
        const earlier = repo.earlier(report, dayBefore(day, rememberedDays), day);
        const prompt = wholePrompt({ definition, day, toldBefore: toldBefore(earlier) });
        this.#ask(run, asks.length, null, prompt);
        return false;
      }
      case 'ask section': {
        const section = definition.sections.find(({ id }) => id === next.section);
        if (section === undefined) throw new Error(`the report has no section ${next.section}`);
        this.#ask(
          run,
          asks.length,
          section.id,
          sectionPrompt({ definition, day }, section, next.why),
        );
        return false;
      }
      case 'written': {
        const head = { name: report, definition, day, writtenAt: clock.now() };
        repo.setContent(seq, 'checking', contentOf(head, next.draft));
        return true;
      }
      case 'fail':
        this.#fail(run, next.problem);
        return true;
    }
  }

  #ask(run: ReportRun, n: number, section: string | null, text: string): void {
    const { turns, repo } = this.#parts;
    const origin = { origin: 'report' as const, userId: null, username: null };
    const message = { ...reportPlace(run), ...origin, text };
    const submitted = turns.submit(message, (turnId) => repo.addAsk(run.seq, n, section, turnId));
    if (submitted.kind === 'refused')
      throw new Error(submitted.result.error?.message ?? 'a turn of a report was refused');
  }

  async #check(run: ReportRun, content: ReportContent, signal: AbortSignal): Promise<void> {
    const verdicts = await this.#parts.check(addressesIn(content), signal);
    signal.throwIfAborted();
    this.#parts.repo.setContent(run.seq, 'setting', withVerdicts(content, verdicts));
  }

  async #set(run: ReportRun, content: ReportContent, signal: AbortSignal): Promise<void> {
    const { files, set, onFinished, logger } = this.#parts;
    const made = await set(run, content, signal);
    const written = await files.write(run, made);
    signal.throwIfAborted();
    this.#finish(run, content, made, written);
    await onFinished(run).catch((error: unknown) => {
      logger.error({ err: error }, 'older reports could not be removed yet');
    });
  }

  /** What it comes to and its mail are there together, or neither is. */
  #finish(
    run: ReportRun,
    content: ReportContent,
    made: SetReport,
    written: readonly ReportFile[],
  ): void {
    const { database, repo, mail, clock } = this.#parts;
    database
      .transaction(() => {
        const mailId = run.audience === 'nobody' ? null : mail(run, content, made);
        repo.finish(run.seq, written, mailId, clock.now());
      })
      .immediate();
  }

  #fail(run: ReportRun, problem: string): void {
    const { database, repo, tellFailure, clock, logger } = this.#parts;
    logger.warn({ report: run.report, run: run.id, problem }, 'a report could not be made');
    database
      .transaction(() => {
        if (repo.end(run.seq, 'failed', problem, clock.now())) tellFailure(run, problem);
      })
      .immediate();
  }

  #giveUp(id: string): void {
    try {
      this.#fail(
        this.#find(id),
        'A fault of the gateway kept it from going on; its log says more.',
      );
      this.#goOn(id);
    } catch (error) {
      this.#parts.logger.error({ err: error, run: id }, 'a report could not be given up yet');
      this.#later(() => this.#giveUp(id));
    }
  }

  #over(run: ReportRun): void {
    const { sessions, logger } = this.#parts;
    this.#tellEnded(run.id);
    // Its conversation is of no use to another run.
    sessions.forget(reportPlace(run)).catch((error: unknown) => {
      logger.error({ err: error, run: run.id }, 'the session of a report could not be ended');
    });
  }

  #tellEnded(id: string): void {
    const run = this.#find(id);
    for (const resolve of this.#waiting.get(id) ?? []) resolve(run);
    this.#waiting.delete(id);
  }

  #later(action: () => void): void {
    if (this.#closed) return;
    const cancel = this.#parts.clock.after(tryAgainMs, () => {
      this.#timers.delete(cancel);
      action();
    });
    this.#timers.add(cancel);
  }

  /** @throws GatewayError `not_found` */
  #find(id: string): ReportRun {
    const run = this.#parts.repo.find(id);
    if (run === undefined) throw new GatewayError('not_found', 'There is no report with this id.');
    return run;
  }
}
