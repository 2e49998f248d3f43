import { type BotId, type ChatId, type ChatKey, GatewayError } from '@mini-claude-bot/contract';
import { wordsOf } from '../db/database.ts';
import type { Logger } from '../host/logger.ts';
import { chatOf } from '../tasks/task.ts';
import type { TaskService } from '../tasks/task-service.ts';
import type { AwayIssueRow, AwayIssuesRepo } from './away-issues-repo.ts';
import { branchOf, firstOf, type Issue, inOrder } from './choose-issues.ts';
import type { IssueSource } from './issue-source.ts';
import type { IssueWork } from './issue-work.ts';
import type { AwayRepo } from './repo-list.ts';

/** What work on issues is made from. */
export interface AwayIssuesParts {
  readonly issues: AwayIssuesRepo;
  readonly source: IssueSource;
  readonly work: IssueWork;
  readonly tasks: Pick<TaskService, 'cancel'>;
  readonly transaction: <T>(write: () => T) => T;
  readonly logger: Logger;
  /** Begin and end nothing any more: the next start goes on. */
  readonly ending: AbortSignal;
  /** Issues that one departure begins at most, and how many are worked on at a time. */
  readonly most: { readonly issues: number; readonly atOnce: number };
}

/** What an owner who leaves is told of the work that begins. */
export interface AwayWork {
  readonly repos: readonly string[];
  readonly begun: readonly Pick<AwayIssueRow, 'repo' | 'number' | 'title' | 'branch'>[];
  /** There were more. */
  readonly capped: boolean;
}

interface AtWork {
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

/** Works on issues of the owner's repositories while they are away: so many at once, and one of a repository. */
export class AwayIssues {
  readonly #parts: AwayIssuesParts;
  readonly #atWork = new Map<number, AtWork>();
  /** Something came meanwhile: what is at work may have seen things as they were before. */
  #again = false;
  #tidying: Promise<void> = Promise.resolve();

  constructor(parts: AwayIssuesParts) {
    this.#parts = parts;
  }

  /**
   * Look for issues, and begin with them.
   * @param alongside writes what must be there together with them
   * @throws GatewayError `configuration_invalid`; `github_unavailable` when no repository could be asked; SQLite's error
   */
  async start(chat: ChatKey, alongside: () => void): Promise<AwayWork> {
    const { source, issues, most, transaction } = this.#parts;
    const repos = await source.repos(chat.botId);
    const found = inOrder(await this.#find(repos));
    const work = transaction(() => {
      const free = found.filter(({ repo, number }) => !issues.isTried(repo.repo, number));
      issues.endAbsence(chat);
      const begun = firstOf(free, most.issues).map((issue) => this.#insert(chat, issue));
      alongside();
      return { begun, capped: free.length > begun.length };
    });
    this.settle();
    return { repos: repos.map(({ repo }) => repo), ...work };
  }

  /** Begin with no more of a chat's issues. What is being worked on goes on. @returns how they all stand */
  stop(chat: ChatKey): AwayIssueRow[] {
    const { issues, transaction } = this.#parts;
    return transaction(() => {
      issues.skipQueued(chat);
      issues.roundUp(chat);
      return issues.ofAbsence(chat);
    });
  }

  /** Newest first. */
  list(botId: BotId | undefined, chatId: ChatId | undefined, limit: number): AwayIssueRow[] {
    return this.#parts.issues.list(botId, chatId, limit);
  }

  /**
   * End the work on one issue now. What there is of it is kept on its branch, and nobody is told.
   * @throws GatewayError `not_found`; `conflict` where it is being published, or has ended
   */
  async stopOne(seq: number, botId: BotId | undefined): Promise<AwayIssueRow> {
    const { issues, tasks } = this.#parts;
    const issue = issues.find(seq);
    if (issue === undefined || (botId !== undefined && issue.bot_id !== botId))
      throw new GatewayError('not_found', 'There is no work on an issue with this id.');
    if (!stoppable.has(issue.state))
      throw new GatewayError(
        'conflict',
        'It has ended, or is being published: it can not be stopped.',
      );
    issues.end(seq, { state: 'failed', prUrl: null, error: 'It was stopped.' });
    this.#atWork.get(seq)?.stop.abort();
    if (issue.task_id !== null) await tasks.cancel(issue.task_id, undefined);
    this.settle();
    return issues.find(seq) ?? issue;
  }

  /** The chat is ended, and its tasks with it. */
  readonly endChat = (chat: ChatKey): void => {
    const { issues } = this.#parts;
    const open = issues.open().filter((issue) => isOf(chat, issue));
    issues.endChat(chat, 'The chat was stopped.');
    for (const { seq } of open) this.#atWork.get(seq)?.stop.abort();
  };

  /** Go on with what is due, begin with what waits, and remove worktrees of what has ended. Never throws. */
  settle(): void {
    const { issues, logger, ending } = this.#parts;
    if (ending.aborted) return;
    try {
      for (const issue of this.#due(issues.open())) this.#goOn(issue);
      this.#tidying = this.#tidying.then(() => this.#tidy());
    } catch (error) {
      logger.error({ err: error }, 'the work on issues does not go on yet');
    }
  }

  /** Resolves when nothing goes on any more. To be called once `ending` is aborted. */
  async close(): Promise<void> {
    await Promise.all([...this.#atWork.values()].map(({ over }) => over));
    await this.#tidying;
  }

  /** What has begun, and as many of those that wait as may be at work: one of a repository at a time. */
  #due(open: readonly AwayIssueRow[]): AwayIssueRow[] {
    const begun = open.filter(({ seq, state }) => state !== 'queued' || this.#atWork.has(seq));
    const repos = new Set(begun.map(({ repo }) => repo.toLowerCase()));
    const next = open.filter((issue) => {
      const repo = issue.repo.toLowerCase();
      if (begun.includes(issue) || repos.has(repo)) return false;
      if (repos.size >= this.#parts.most.atOnce) return false;
      repos.add(repo);
      return true;
    });
    return [...begun, ...next];
  }

  #goOn({ seq }: AwayIssueRow): void {
    if (this.#atWork.has(seq)) {
      this.#again = true;
      return;
    }
    const stop = new AbortController();
    const signal = AbortSignal.any([stop.signal, this.#parts.ending]);
    const over = this.#parts.work.goOn(seq, signal).finally(() => {
      this.#atWork.delete(seq);
      // Its place is free for another.
      if (!this.#again && !this.#hasEnded(seq)) return;
      this.#again = false;
      this.settle();
    });
    this.#atWork.set(seq, { stop, over });
  }

  #hasEnded(seq: number): boolean {
    if (this.#parts.ending.aborted) return false;
    try {
      return (this.#parts.issues.find(seq)?.ended_at_ms ?? null) !== null;
    } catch {
      return false;
    }
  }

  async #tidy(): Promise<void> {
    const { issues, work, logger, ending } = this.#parts;
    try {
      for (const issue of issues.leftWorktrees()) {
        if (ending.aborted) return;
        if (this.#atWork.has(issue.seq)) continue;
        await work.putAway(issue).catch((error: unknown) => {
          const { repo, number } = issue;
          logger.info({ fault: wordsOf(error), repo, number }, 'a worktree is not removed yet');
        });
      }
    } catch (error) {
      logger.error({ err: error }, 'worktrees are not removed yet');
    }
  }

  async #find(repos: readonly AwayRepo[]): Promise<Issue[]> {
    if (repos.length === 0) return [];
    const { source, logger } = this.#parts;
    const login = await source.login().catch((error: unknown) => {
      throw unavailable(wordsOf(error));
    });
    const asked = await Promise.allSettled(repos.map((repo) => source.issues(repo, login)));
    const faults = asked.flatMap((each) =>
      each.status === 'rejected' ? [wordsOf(each.reason)] : [],
    );
    for (const fault of faults)
      logger.warn({ fault }, 'a repository could not be asked for issues');
    if (faults.length === repos.length) throw unavailable(faults[0] ?? '');
    return asked.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  }

  #insert(chat: ChatKey, { repo, number, title, body }: Issue): AwayWork['begun'][number] {
    const named = { repo: repo.repo, number, title, branch: branchOf(number) };
    const { base, path: clone, settings } = repo;
    this.#parts.issues.insert({ ...named, chat, body, base, clone, settings });
    return named;
  }
}

/** From the commit on, it is a matter of seconds, and half of it may have happened. */
const stoppable: ReadonlySet<AwayIssueRow['state']> = new Set([
  'queued',
  'preparing',
  'running',
  'staging',
  'testing',
]);

const isOf = (chat: ChatKey, issue: AwayIssueRow): boolean => {
  const { botId, chatId } = chatOf(issue);
  return botId === chat.botId && chatId === chat.chatId;
};

const unavailable = (why: string): GatewayError =>
  new GatewayError(
    'github_unavailable',
    `GitHub could not be asked for issues (${why}). Its owner can check that \`gh\` is installed and logged in.`,
  );
