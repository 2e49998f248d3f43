import { GatewayError } from '@mini-claude-bot/contract';
import type { ActionCall } from '../cron/gateway-executor.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import {
  addressesOf,
  type RecipientVariable,
  type ReportDefinition,
} from './definitions/definition.ts';
import type { DefinedReport, ReportDefinitions } from './definitions/definitions.ts';
import { faultLine } from './definitions/read-definition.ts';
import { senderMissing } from './mail-report.ts';
import type { ReportJobs } from './report-jobs.ts';
import { dayIn } from './runs/days.ts';
import type { ReportFiles } from './runs/report-files.ts';
import type { ReportRuns } from './runs/report-runs.ts';
import type { ReportRunsRepo, RunFilter } from './runs/report-runs-repo.ts';
import { type Ask, type Audience, isOpen, type ReportFile, type ReportRun } from './runs/run.ts';

/** What reports are made from. */
export interface ReportServiceParts {
  readonly definitions: ReportDefinitions;
  readonly jobs: ReportJobs;
  readonly runs: ReportRuns;
  readonly repo: ReportRunsRepo;
  readonly files: ReportFiles;
  readonly addresses: KnownAddresses;
  /** Whether it is known whom reports come from. */
  readonly hasSender: boolean;
  readonly newRunId: () => string;
  /** Remove the runs of all reports that are over their limits. */
  readonly removeOld: () => Promise<void>;
  /** Tell the owner of a report that could not even be begun. */
  readonly tellFault: (report: string, problem: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a report is asked for with. */
export interface StartReport {
  readonly name: string;
  readonly audience: Audience;
  /** Undefined: today, in its zone. */
  readonly date: string | undefined;
}

/** What the variables of recipients say. */
export type KnownAddresses = Readonly<Record<RecipientVariable, readonly string[] | undefined>>;

/** Whom a report goes to. */
export interface Recipients {
  readonly to: readonly string[];
  readonly cc: readonly string[];
}

/** How often files of reports are looked at for changes. */
const lookEveryMs = 60_000;
const dayMs = 24 * 3600 * 1000;

/** Reports: what there are, what was made of them, and having one made. */
export class ReportService {
  readonly #parts: ReportServiceParts;
  #cancelLook = (): void => {};
  #looking: Promise<void> = Promise.resolve();
  #tidying: Promise<void> = Promise.resolve();
  /** When runs that are too old were last removed, in Unix milliseconds. */
  #tidiedMs = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(parts: ReportServiceParts) {
    this.#parts = parts;
  }

  /** By name, with the job that has each written. */
  async list(): Promise<DefinedReport[]> {
    const reports = await this.#parts.definitions.list();
    await this.followFiles(reports);
    return reports;
  }

  /**
   * Have a report made now.
   * @throws GatewayError `not_found`; `invalid_input`: its file has faults, or it goes to nobody; `conflict`: it is
   * being made already; `shutting_down`
   */
  async start({ name, audience, date }: StartReport): Promise<ReportRun> {
    const { repo, clock } = this.#parts;
    const definition = await this.#usable(name);
    const today = dayIn(definition.zone, clock.now());
    if (date !== undefined && date > today)
      throw new GatewayError('invalid_input', `${date} is still to come: today is ${today}.`);
    this.#refuseNobody(name, definition, audience);
    const open = repo.open().find((run) => run.report === name);
    if (open !== undefined) {
      const words = `The report ${name} is being made already: run ${open.id}.`;
      throw new GatewayError('conflict', words);
    }
    return this.#begin(name, definition, date ?? today, audience, null);
  }

  /** For its job: have a report made for the day that it is due, and wait for it. */
  async runDue({
    rest: name,
    key,
    scheduledAtMs,
  }: ActionCall): Promise<{ done: boolean; detail: string }> {
    const { repo, runs } = this.#parts;
    try {
      const known = repo.findByKey(key);
      if (known?.state === 'failed') runs.restart(known);
      const run = known ?? (await this.#beginDue(name, key, scheduledAtMs));
      return outcomeOf(await runs.ended(run.id));
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code === 'shutting_down') throw error;
      this.#parts.tellFault(name, error.message);
      return { done: false, detail: error.message };
    }
  }

  listRuns(filter: RunFilter): ReportRun[] {
    return this.#parts.repo.list(filter);
  }

  /** @throws GatewayError `not_found` */
  find(id: string): ReportRun {
    const run = this.#parts.repo.find(id);
    if (run === undefined) throw new GatewayError('not_found', 'There is no run with this id.');
    return run;
  }

  asks(run: ReportRun): Ask[] {
    return this.#parts.repo.asks(run.seq);
  }

  /** @throws GatewayError `not_found` */
  async file(id: string, kind: ReportFile['kind']): Promise<{ file: ReportFile; content: Buffer }> {
    const run = this.find(id);
    const file = run.files.find((each) => each.kind === kind);
    if (file === undefined)
      throw new GatewayError('not_found', `This run has no file of the kind ${kind}.`);
    return { file, content: await this.#parts.files.read(run, file) };
  }

  /** @throws GatewayError `not_found` */
  async stop(id: string): Promise<{ stopped: boolean; state: ReportRun['state'] }> {
    const run = this.find(id);
    if (!isOpen(run.state)) return { stopped: false, state: run.state };
    const { state } = await this.#parts.runs.stop(id);
    return { stopped: state === 'stopped', state };
  }

  recipientsOf(definition: ReportDefinition, audience: Audience): Recipients {
    return recipientsOf(definition, audience, this.#parts.addresses);
  }

  get hasSender(): boolean {
    return this.#parts.hasSender;
  }

  jobOf(name: string) {
    return this.#parts.jobs.find(name);
  }

  /** Make the jobs follow the files. Never rejects: what can't be read or written now is looked at again. */
  followFiles(known?: readonly DefinedReport[]): Promise<void> {
    const { definitions, jobs, logger } = this.#parts;
    this.#looking = this.#looking
      .then(async () => {
        if (this.#closed) return;
        // Nobody is sent anything, and no job is there: the files need not be read for that.
        if (known === undefined && !this.#parts.hasSender && !jobs.any) return;
        const reports = known ?? (await definitions.list());
        await jobs.follow(reports, ({ definition }) => this.#isSent(definition));
      })
      .catch((error: unknown) => {
        logger.error({ err: error }, 'the jobs of reports could not follow their files');
      });
    return this.#looking;
  }

  /** Look at the files now, and from time to time; once a day, at the age of what was made of them. */
  watch(): void {
    this.#tidying = this.#removeOldOnceADay();
    void Promise.all([this.followFiles(), this.#tidying]).then(() => {
      if (this.#closed) return;
      this.#cancelLook = this.#parts.clock.after(lookEveryMs, () => this.watch());
    });
  }

  async #removeOldOnceADay(): Promise<void> {
    const { clock, removeOld, logger } = this.#parts;
    if (clock.now() - this.#tidiedMs < dayMs) return;
    this.#tidiedMs = clock.now();
    await removeOld().catch((error: unknown) => {
      logger.error({ err: error }, 'old reports could not be removed');
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#cancelLook();
    await Promise.all([this.#looking, this.#tidying]);
  }

  #isSent(definition: ReportDefinition | undefined): boolean {
    if (definition === undefined) return false;
    return this.#parts.hasSender && this.recipientsOf(definition, 'all').to.length > 0;
  }

  async #beginDue(name: string, key: string, scheduledAtMs: number | null): Promise<ReportRun> {
    const definition = await this.#usable(name);
    this.#refuseNobody(name, definition, 'all');
    const day = dayIn(definition.zone, scheduledAtMs ?? this.#parts.clock.now());
    return this.#begin(name, definition, day, 'all', key);
  }

  #begin(
    report: string,
    definition: ReportDefinition,
    day: string,
    audience: Audience,
    key: string | null,
  ): ReportRun {
    const { runs, newRunId, clock } = this.#parts;
    const id = newRunId();
    return runs.begin({ id, report, day, key, audience, definition, createdAtMs: clock.now() });
  }

  async #usable(name: string): Promise<ReportDefinition> {
    const report = await this.#parts.definitions.find(name);
    if (report === undefined)
      throw new GatewayError('not_found', `There is no report ${JSON.stringify(name)}.`);
    if (report.definition !== undefined) return report.definition;
    const faults = report.faults.map((fault) => faultLine(report.file, fault));
    throw new GatewayError('invalid_input', faults.join('\n'));
  }

  #refuseNobody(name: string, definition: ReportDefinition, audience: Audience): void {
    if (audience === 'nobody') return;
    if (!this.#parts.hasSender) throw new GatewayError('invalid_input', senderMissing);
    if (this.recipientsOf(definition, audience).to.length > 0) return;
    const where =
      audience === 'preview' ? 'REPORT_CC' : `\`to\` in its file, or the variable named there`;
    throw new GatewayError(
      'invalid_input',
      `The report ${name} would go to nobody: set ${where}, or have it made without sending it.`,
    );
  }
}

/** Whom a report goes to. */
export function recipientsOf(
  { to, cc }: Pick<ReportDefinition, 'to' | 'cc'>,
  audience: Audience,
  known: KnownAddresses,
): Recipients {
  if (audience === 'preview') return { to: addressesOf(['$REPORT_CC'], known), cc: [] };
  const main = audience === 'nobody' ? [] : addressesOf(to, known);
  // Who is there for copies alone gets no report by itself.
  if (main.length === 0) return { to: [], cc: [] };
  const named = new Set(main.map((address) => address.toLowerCase()));
  return {
    to: main,
    cc: addressesOf(cc, known).filter((each) => !named.has(each.toLowerCase())),
  };
}

const outcomeOf = ({
  state,
  problem,
  id,
  audience,
}: ReportRun): { done: boolean; detail: string } =>
  state === 'finished'
    ? { done: true, detail: `${audience === 'nobody' ? 'Made' : 'Made, and mailed'}: run ${id}.` }
    : { done: false, detail: problem ?? `It ended as ${state}.` };
