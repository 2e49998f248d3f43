import { GatewayError, type TaskId } from '@mini-claude-bot/contract';
import { wordsOf } from '../db/database.ts';
import { type Language, languageFor } from '../host/language.ts';
import type { Logger } from '../host/logger.ts';
import { CommandError } from '../host/run-command.ts';
import type { Outbox } from '../outbox/outbox.ts';
import { chatOf, isOpen, type TaskRow } from '../tasks/task.ts';
import type { TaskService } from '../tasks/task-service.ts';
import type {
  AwayIssueRow,
  AwayIssuesRepo,
  IssueEnd,
  StepResults,
  WorkStep,
} from './away-issues-repo.ts';
import type { IssueGit } from './issue-git.ts';
import * as words from './issue-words.ts';
import type { PullRequests } from './pull-requests.ts';
import type { RepoCommands } from './repo-commands.ts';

/** What the work on an issue is done with. */
export interface IssueWorkParts {
  readonly issues: AwayIssuesRepo;
  readonly git: IssueGit;
  readonly pulls: PullRequests;
  readonly commands: RepoCommands;
  readonly tasks: TaskService;
  readonly outbox: Pick<Outbox, 'enqueue'>;
  readonly transaction: <T>(write: () => T) => T;
  readonly language: Language | 'auto';
  readonly logger: Logger;
  /** End nothing any more: the next start goes on. */
  readonly ending: AbortSignal;
}

/** The step can't be done, for a reason that is told. */
class NotPossible extends Error {}
/** Somebody ended the issue meanwhile. */
class NoLongerWanted extends Error {}

/**
 * Takes an issue from step to step. What a step brings is written together with the next step's name, and each can be
 * done again: so a death costs the step that it came in, and nothing is there twice.
 */
export class IssueWork {
  readonly #parts: IssueWorkParts;

  constructor(parts: IssueWorkParts) {
    this.#parts = parts;
  }

  /** As far as it goes now: to its end, or until its task has ended. Never rejects. @param signal ends it */
  async goOn(seq: number, signal: AbortSignal): Promise<void> {
    const { issues, logger } = this.#parts;
    for (;;) {
      const issue = issues.find(seq);
      if (issue === undefined || signal.aborted) return;
      try {
        if (!(await this.#step(issue, signal))) return;
      } catch (error) {
        if (error instanceof NoLongerWanted || signal.aborted) return;
        // It waits for the next start.
        if (error instanceof GatewayError && error.code === 'shutting_down') return;
        if (!isTold(error)) {
          logger.error({ err: error, issue: projectOf(issue) }, 'the work on an issue waits');
          return;
        }
        this.#fail(issue, wordsOf(error));
        return;
      }
    }
  }

  /** Keep what there is on the issue's branch, and remove its worktree. @throws CommandError */
  async putAway(issue: AwayIssueRow): Promise<void> {
    const { git, issues, tasks } = this.#parts;
    const { base_commit: base, commit_id } = issue;
    await tasks.forgetSession({ chat: chatOf(issue), projectId: projectOf(issue) });
    if (base !== null && commit_id === null) {
      await this.#keep(issue, base).catch((error: unknown) => {
        this.#parts.logger.info({ fault: wordsOf(error) }, 'there is nothing to keep of an issue');
      });
    }
    await git.putAway(issue);
    issues.putAway(issue.seq);
  }

  async #keep(issue: AwayIssueRow, base: string): Promise<void> {
    const { git } = this.#parts;
    const tree = issue.tree ?? (await git.snapshot(issue, base));
    if (tree === undefined) return;
    const commit = await git.commit(issue, tree, base, words.commitMessage(issue));
    await git.setBranch(issue, base, commit);
  }

  /** @returns whether another step follows at once */
  async #step(issue: AwayIssueRow, signal: AbortSignal): Promise<boolean> {
    const { git } = this.#parts;
    switch (issue.state) {
      case 'queued':
        return this.#advance(issue, 'preparing', {
          base_commit: await git.beginning(issue),
          worktree: 1,
        });
      case 'preparing':
        return this.#prepare(issue, signal);
      case 'running':
        return this.#look(issue);
      case 'staging':
        return this.#stage(issue);
      case 'testing':
        return this.#test(issue, signal);
      case 'committing':
        return this.#commit(issue);
      case 'pushing':
        await git.setBranch(issue, known(issue.base_commit), known(issue.commit_id));
        await git.push(issue, known(issue.commit_id));
        return this.#advance(issue, 'proposing', {});
      case 'proposing':
        return this.#propose(issue);
      case 'done':
      case 'failed':
      case 'skipped':
        return false;
    }
  }

  #advance(issue: AwayIssueRow, to: WorkStep, brought: Partial<StepResults>): boolean {
    if (!this.#parts.issues.advance(issue, to, brought)) throw new NoLongerWanted();
    return true;
  }

  async #prepare(issue: AwayIssueRow, signal: AbortSignal): Promise<boolean> {
    const { git, commands, tasks } = this.#parts;
    await git.prepare(issue, known(issue.base_commit));
    const directory = git.directoryOf(issue);
    const { setup } = issue.settings;
    if (setup !== undefined) {
      const made = await commands.run(setup, directory, issue.settings, 'network', signal);
      signal.throwIfAborted();
      if (made.kind !== 'passed') throw new NotPossible(`The setup failed. ${lastLine(made.said)}`);
    }
    const project = { chat: chatOf(issue), projectId: projectOf(issue) };
    const take = (id: TaskId): void => {
      this.#advance(issue, 'running', { task_id: id });
      this.#tell(issue, words.begunText(issue, this.#languageOf(issue)));
    };
    const started = await tasks.start(project, words.promptOf(issue), take, directory);
    if (started.kind === 'rejected')
      throw new NotPossible(`Another task of the project ${project.projectId} is at work.`);
    return false;
  }

  #look(issue: AwayIssueRow): boolean {
    const task = this.#taskOf(issue);
    if (task !== undefined && isOpen(task)) return false;
    if (task === undefined || task.state === 'stopped' || task.state === 'superseded')
      throw new NotPossible('It was stopped.');
    const unfinished = task.state === 'completed' ? null : whyUnfinished(task, issue);
    return this.#advance(issue, 'staging', { unfinished });
  }

  async #stage(issue: AwayIssueRow): Promise<boolean> {
    const tree = await this.#parts.git.snapshot(issue, known(issue.base_commit));
    if (tree !== undefined) return this.#advance(issue, 'testing', { tree });
    throw new NotPossible(issue.unfinished ?? `Nothing was changed. ${this.#saidOf(issue)}`.trim());
  }

  async #test(issue: AwayIssueRow, signal: AbortSignal): Promise<boolean> {
    const { git, commands } = this.#parts;
    const { test } = issue.settings;
    if (test === undefined) return this.#advance(issue, 'committing', {});
    const directory = git.directoryOf(issue);
    const outcome = await commands.run(test, directory, issue.settings, 'no network', signal);
    signal.throwIfAborted();
    return this.#advance(issue, 'committing', { tests: words.testsText(outcome) });
  }

  async #commit(issue: AwayIssueRow): Promise<boolean> {
    const base = known(issue.base_commit);
    const message = words.commitMessage(issue);
    const commit_id = await this.#parts.git.commit(issue, known(issue.tree), base, message);
    return this.#advance(issue, 'pushing', { commit_id });
  }

  async #propose(issue: AwayIssueRow): Promise<boolean> {
    const { pulls, transaction } = this.#parts;
    const body = words.pullBody(issue, this.#taskOf(issue)?.result ?? '');
    const prUrl = await pulls.propose(issue, words.pullTitle(issue), body);
    const text = words.doneText(issue, prUrl, this.#languageOf(issue));
    transaction(() => this.#end(issue, { state: 'done', prUrl, error: issue.unfinished }, text));
    return false;
  }

  #fail(issue: AwayIssueRow, why: string): void {
    if (this.#parts.ending.aborted) return;
    const text = words.failedText(issue, why, this.#languageOf(issue));
    this.#parts.transaction(() =>
      this.#end(issue, { state: 'failed', prUrl: null, error: why }, text),
    );
  }

  #end(issue: AwayIssueRow, end: IssueEnd, text: string): void {
    if (this.#parts.issues.end(issue.seq, end)) this.#tell(issue, text);
  }

  #tell(issue: AwayIssueRow, text: string): void {
    const source = { kind: 'away' as const, id: projectOf(issue) };
    this.#parts.outbox.enqueue({ ...chatOf(issue), text, format: 'plain', source });
  }

  #taskOf({ task_id }: AwayIssueRow): TaskRow | undefined {
    return task_id === null ? undefined : this.#parts.tasks.find(task_id, undefined);
  }

  #saidOf(issue: AwayIssueRow): string {
    return lastLine(this.#taskOf(issue)?.result ?? '');
  }

  #languageOf({ title }: AwayIssueRow): Language {
    return languageFor(this.#parts.language, title);
  }
}

/** As tasks name it. */
export const projectOf = ({ repo, number }: Pick<AwayIssueRow, 'repo' | 'number'>): string =>
  `${repo}#${number}`;

function whyUnfinished({ error_code, result }: TaskRow, { settings }: AwayIssueRow): string {
  if (error_code === 'turn_timeout') return `its time, ${settings.minutes} min, was over.`;
  if (error_code === 'budget_spent')
    return `it cost more than ${settings.max_cost_usd} US dollars.`;
  return lastLine(result ?? '') || `it ended with ${error_code ?? 'a fault'}.`;
}

const lastLine = (text: string): string => (text.trim().split('\n').at(-1) ?? '').slice(0, 300);

/** What an earlier step has brought. */
function known(value: string | null): string {
  if (value === null) throw new Error('a step has no result that it must have');
  return value;
}

/** What the database refuses is tried again; what git, GitHub or the machine say is told. */
const isTold = (error: unknown): boolean =>
  error instanceof NotPossible ||
  error instanceof CommandError ||
  error instanceof GatewayError ||
  (error instanceof Error && (error.name === 'ZodError' || error instanceof SyntaxError)) ||
  (error instanceof Error && 'syscall' in error);
