import { AwayIssues } from './away/away-issues.ts';
import { AwayIssuesRepo } from './away/away-issues-repo.ts';
import { AwayService } from './away/away-service.ts';
import { IssueBranches } from './away/issue-branches.ts';
import { IssueSource } from './away/issue-source.ts';
import { NewsRepo } from './away/news-repo.ts';
import { AwaySnapshots } from './away/snapshot.ts';
import type { ClaudeRuntime } from './claude/claude-runtime.ts';
import type { Config } from './config/config.ts';
import type { Database } from './db/database.ts';
import type { HarnessFinder } from './harness/harness-finder.ts';
import type { Clock } from './host/clock.ts';
import type { Logger } from './host/logger.ts';
import { type RunCommand, runCommand } from './host/run-command.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { ChatSessions } from './sessions/chat-sessions.ts';
import type { TaskService } from './tasks/task-service.ts';

/** What away mode is put together from. */
export interface AwayAppParts {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly claude: ClaudeRuntime;
  readonly sessions: ChatSessions;
  readonly outbox: Outbox;
  readonly tasks: TaskService;
  readonly finder: HarnessFinder;
}

/** What the rest of the gateway needs of it. */
export interface AwayApp {
  readonly away: AwayService;
  readonly awayIssues: AwayIssues;
  /** Begin nothing more, and end programs that run for it. */
  readonly stop: () => void;
}

/** The part of the composition root that is about owners who are away. */
export function composeAway(parts: AwayAppParts): AwayApp {
  const { config, database, claude, logger } = parts;
  const ending = new AbortController();
  const run: RunCommand = (program, words, options) =>
    runCommand(program, words, { ...options, signal: ending.signal });
  const commands = { gh: config.GH_BIN, env: claude.environment, run };
  const shared = { ...parts, language: config.GATEWAY_LANGUAGE };
  const awayIssues = new AwayIssues({
    ...shared,
    issues: new AwayIssuesRepo(database),
    source: new IssueSource({ ...commands, file: config.AWAY_REPOS_FILE, logger }),
    branches: new IssueBranches({ ...commands, root: config.AWAY_WORKTREE_DIR }),
    transaction: (write) => database.transaction(write)(),
    ending: ending.signal,
    most: { issues: config.AWAY_MAX_ISSUES, atOnce: config.AWAY_MAX_CONCURRENCY },
  });
  const away = new AwayService({
    ...shared,
    news: new NewsRepo(database),
    snapshots: new AwaySnapshots(config.NIRMANA_DIR),
  });
  return { away, awayIssues, stop: () => ending.abort() };
}
