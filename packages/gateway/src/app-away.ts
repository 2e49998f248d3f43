import { AwayIssues } from './away/away-issues.ts';
import type { AwayIssuesRepo } from './away/away-issues-repo.ts';
import { AwayService } from './away/away-service.ts';
import { IssueGit } from './away/issue-git.ts';
import { IssueSource } from './away/issue-source.ts';
import { IssueWork } from './away/issue-work.ts';
import { NewsRepo } from './away/news-repo.ts';
import { PullRequests } from './away/pull-requests.ts';
import { RepoCommands } from './away/repo-commands.ts';
import { AwaySnapshots } from './away/snapshot.ts';
import type { ClaudeRuntime } from './claude/claude-runtime.ts';
import type { Config } from './config/config.ts';
import type { Database } from './db/database.ts';
import type { HarnessFinder } from './harness/harness-finder.ts';
import type { Clock } from './host/clock.ts';
import type { Logger } from './host/logger.ts';
import { type RunCommand, runCommand } from './host/run-command.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { KnownSecrets } from './secrets/known-secrets.ts';
import type { ChatSessions } from './sessions/chat-sessions.ts';
import type { TaskService } from './tasks/task-service.ts';

/** What away mode is put together from. */
export interface AwayAppParts {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: KnownSecrets;
  readonly claude: ClaudeRuntime;
  readonly sessions: ChatSessions;
  readonly outbox: Outbox;
  readonly tasks: TaskService;
  readonly finder: HarnessFinder;
  readonly issues: AwayIssuesRepo;
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
  const { config, database, claude, clock, issues } = parts;
  const ending = new AbortController();
  const run: RunCommand = (program, words, options) =>
    runCommand(program, words, { ...options, signal: ending.signal });
  const commands = { gh: config.GH_BIN, env: claude.environment, run };
  const shared = { ...parts, language: config.GATEWAY_LANGUAGE };
  const steps = {
    ...shared,
    issues,
    transaction: <T>(write: () => T): T => database.transaction(write)(),
    ending: ending.signal,
  };
  const work = new IssueWork({
    ...steps,
    git: new IssueGit({ ...commands, root: config.AWAY_WORKTREE_DIR }),
    pulls: new PullRequests(commands),
    commands: new RepoCommands({
      ...commands,
      newMarker: () => claude.newMarker(),
      clock,
      secrets: parts.secrets,
    }),
  });
  const awayIssues = new AwayIssues({
    ...steps,
    work,
    source: new IssueSource({ ...commands, file: config.AWAY_REPOS_FILE }),
    most: { issues: config.AWAY_MAX_ISSUES, atOnce: config.AWAY_PARALLEL },
  });
  const away = new AwayService({
    ...shared,
    news: new NewsRepo(database),
    snapshots: new AwaySnapshots(config.NIRMANA_DIR),
  });
  return { away, awayIssues, stop: () => ending.abort() };
}
