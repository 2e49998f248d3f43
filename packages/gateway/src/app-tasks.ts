import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  type Confinement,
  type Conversation,
  claudeConfigDirectory,
  type Transcripts,
} from '@mini-claude-bot/claude';
import { type ChatKey, TaskId } from '@mini-claude-bot/contract';
import { composeAway } from './app-away.ts';
import type { AwayIssues } from './away/away-issues.ts';
import { AwayIssuesRepo } from './away/away-issues-repo.ts';
import type { AwayService } from './away/away-service.ts';
import { awayPersona } from './away/persona.ts';
import type { ClaudeRuntime } from './claude/claude-runtime.ts';
import type { Config } from './config/config.ts';
import type { Database } from './db/database.ts';
import type { HarnessArchive } from './harness/harness-archive.ts';
import { HarnessCleanup } from './harness/harness-cleanup.ts';
import { harnessContext } from './harness/harness-context.ts';
import { HarnessFinder } from './harness/harness-finder.ts';
import { ToldRepo } from './harness/told-repo.ts';
import type { Clock } from './host/clock.ts';
import type { Logger } from './host/logger.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { KnownSecrets } from './secrets/known-secrets.ts';
import type { ChatEndings } from './sessions/chat-endings.ts';
import type { ChatSessions } from './sessions/chat-sessions.ts';
import { LaneSessions } from './sessions/lane-sessions.ts';
import { LaneSessionsRepo } from './sessions/lane-sessions-repo.ts';
import type { Reap } from './sessions/reaper.ts';
import type { Workspaces } from './sessions/workspace.ts';
import { ChatTasks } from './tasks/chat-tasks.ts';
import { FinishedHarnesses } from './tasks/finished-harnesses.ts';
import { StepRunner } from './tasks/step-runner.ts';
import { TaskChain } from './tasks/task-chain.ts';
import { taskLane } from './tasks/task-lane.ts';
import { TaskProgress } from './tasks/task-progress.ts';
import { taskResults } from './tasks/task-results.ts';
import { TaskService } from './tasks/task-service.ts';
import { TaskStepsRepo } from './tasks/task-steps-repo.ts';
import { TasksRepo } from './tasks/tasks-repo.ts';
import { type LaneKey, laneKind } from './turns/lane.ts';
import type { LaneProfiles } from './turns/lane-profile.ts';
import type { TurnContext } from './turns/turn-context.ts';
import type { TurnService } from './turns/turn-service.ts';

/** What background tasks, harnesses and away mode are put together from. */
export interface TaskAppParts {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: KnownSecrets;
  readonly claude: ClaudeRuntime;
  readonly sessions: ChatSessions;
  readonly workspaces: Workspaces;
  readonly transcripts: Transcripts;
  readonly archive: HarnessArchive;
  readonly turns: TurnService;
  readonly profiles: LaneProfiles;
  readonly context: TurnContext;
  readonly endings: ChatEndings;
  readonly outbox: Outbox;
}

/** What the rest of the gateway needs of them. */
export interface TaskApp {
  readonly tasks: TaskService;
  readonly chatTasks: ChatTasks;
  readonly away: AwayService;
  readonly awayIssues: AwayIssues;
  readonly reap: Reap;
  /** To be called after {@link TurnService.recover}. */
  readonly recover: () => void;
  /** Begin nothing more. To be called before turns are shut down. */
  readonly stop: () => Promise<void>;
  /** To be called when no turn runs any more. */
  readonly close: () => Promise<void>;
}

/** The part of the composition root that is about work in the background. */
export function composeTasks(parts: TaskAppParts): TaskApp {
  const { config, database, clock, logger, sessions, turns, outbox, archive } = parts;
  const language = config.GATEWAY_LANGUAGE;
  const { now } = clock;
  const tasksRepo = new TasksRepo(database);
  const steps = new TaskStepsRepo(database);
  const told = new ToldRepo(database);
  const laneSessions = new LaneSessionsRepo(database);
  const awayRepo = new AwayIssuesRepo(database, now);
  const limits = limitsOfTasks(tasksRepo, awayRepo);
  const taskSessions = sessionsOfTasks(parts, laneSessions, tasksRepo, limits);
  const workingDirectory = directoryOf(sessions);
  const finder = new HarnessFinder({
    directories: config.HARNESS_ALLOWED_DIRS,
    closed: [config.GATEWAY_SESSION_DIR, config.GATEWAY_ARCHIVE_DIR],
  });
  const finished = new FinishedHarnesses(tasksRepo, archive, logger);
  const chain = new TaskChain({
    tasks: tasksRepo,
    steps,
    outbox,
    finder,
    workingDirectory,
    language,
    now,
    delayMs: config.HARNESS_CHAIN_DELAY * 1000,
  });
  const progress = new TaskProgress({ turns, outbox, clock, language, logger });
  const runner = new StepRunner({ turns, tasks: tasksRepo, steps, progress, clock, logger });
  const tasks = new TaskService({
    tasks: tasksRepo,
    steps,
    turns,
    runner,
    progress,
    sessions: taskSessions,
    finder,
    workingDirectory: (project) => tasksRepo.directoryOf(project) ?? workingDirectory(project.chat),
    transaction: (write) => database.transaction(write)(),
    newTaskId: () => TaskId.parse(randomUUID()),
    outbox,
    clock,
  });
  const awayApp = composeAway({ ...parts, tasks, finder, issues: awayRepo });
  const { away, awayIssues } = awayApp;
  parts.profiles.register(
    'bg',
    taskLane({
      config,
      chats: sessions,
      sessions: taskSessions,
      laneSessions,
      chain,
      longest: (place) => limits(place)?.totalMs,
      onEnded: (turnId) => {
        runner.armAfter(turnId);
        void finished.settle();
        awayIssues.settle();
      },
    }),
  );
  const isAway = (chat: ChatKey): boolean => sessions.find(chat)?.nirmana_mode === 1;
  for (const source of [
    taskResults(tasksRepo),
    ...harnessContext({
      told,
      finder,
      workingDirectory: (place) =>
        directoryOfLane(place, tasksRepo) ?? sessions.find(place.chat)?.cwd,
      knownHarness: (place) => knownHarness(place, tasksRepo),
      memoryFile: memoryFileOf(parts),
    }),
    awayPersona(told, config.NIRMANA_PERSONA_FILE, isAway),
  ]) {
    parts.context.add(source);
  }
  parts.endings.add({
    cancel: (chat) => {
      awayIssues.endChat(chat);
      tasks.endChat(chat);
    },
    forget: async (chat) => {
      await taskSessions.forgetChat(chat);
      // What a schedule has to tell is none of the conversation's.
      const kinds = ['task', 'harness', 'away'] as const;
      outbox.withdraw(chat, 'The chat was stopped.', { kinds });
      told.forgetChat(chat);
    },
  });
  const cleanup = new HarnessCleanup(finder, archive, logger);
  return {
    tasks,
    chatTasks: new ChatTasks({ tasks, turns, sessions, finder, cleanup }),
    awayIssues,
    away,
    reap: async () => {
      await finished.settle();
      awayIssues.settle();
      return taskSessions.reap(config.GATEWAY_BG_SESSION_IDLE_TIMEOUT);
    },
    recover: () => {
      tasks.recover();
      void finished.settle();
      awayIssues.settle();
    },
    stop: () => {
      awayApp.stop();
      return tasks.close();
    },
    close: async () => {
      await awayIssues.close();
      await finished.close();
    },
  };
}

/**
 * A task works where its chat does, on a copy of the chat's conversation; one that has a directory of its own
 * begins anew, since a conversation belongs to its directory.
 */
function sessionsOfTasks(
  parts: TaskAppParts,
  repo: LaneSessionsRepo,
  tasks: TasksRepo,
  limits: (place: LaneKey) => TaskLimits | undefined,
): LaneSessions {
  const { sessions, workspaces, transcripts, claude, clock, logger } = parts;
  const beginning = async (place: LaneKey): Promise<Conversation> => {
    const { chat } = place;
    if (directoryOfLane(place, tasks) !== undefined) return { kind: 'new' };
    const from = sessions.find(chat)?.claude_session_id ?? null;
    if (from === null || !(await transcripts.has(from))) return { kind: 'new' };
    return { kind: 'forked', from };
  };
  return new LaneSessions({
    kind: 'bg',
    repo,
    workspaces,
    transcripts,
    claude,
    clock,
    logger,
    directory: (place) => directoryOfLane(place, tasks) ?? directoryOf(sessions)(place.chat),
    beginning,
    confinement: limits,
  });
}

interface TaskLimits extends Confinement {
  readonly totalMs: number;
}

/** What a task works under that has a directory of its own: it does what strangers ask for. Others have no limits. */
function limitsOfTasks(tasks: TasksRepo, issues: AwayIssuesRepo) {
  return (place: LaneKey): TaskLimits | undefined => {
    if (directoryOfLane(place, tasks) === undefined) return undefined;
    const issue = issues.ofTask(place.chat, place.lane.slice('bg:'.length));
    const { max_cost_usd = 5, minutes = 60 } = issue?.settings ?? {};
    return { maxCostUsd: max_cost_usd, totalMs: minutes * 60_000 };
  };
}

/** Where the task of a lane works, if elsewhere than its chat. */
const directoryOfLane = ({ chat, lane }: LaneKey, tasks: TasksRepo): string | undefined =>
  laneKind(lane) === 'bg'
    ? tasks.directoryOf({ chat, projectId: lane.slice('bg:'.length) })
    : undefined;

const directoryOf =
  (sessions: ChatSessions) =>
  (chat: ChatKey): string =>
    sessions.register({ chat, lane: 'main' }).cwd;

/** Where a task found its harness; for the chat itself, where the last of its tasks did. */
function knownHarness({ chat, lane }: LaneKey, tasks: TasksRepo): string | undefined {
  const latest = tasks.latest(chat);
  const task =
    laneKind(lane) === 'bg'
      ? latest.find(({ project_id }) => lane === `bg:${project_id}`)
      : latest.find(({ harness_directory }) => harness_directory !== null);
  return task?.harness_directory ?? undefined;
}

/** Undefined where Claude Code reads that file by itself. */
function memoryFileOf({ config, claude }: TaskAppParts): string | undefined {
  const own = join(claudeConfigDirectory(claude.environment), 'CLAUDE.md');
  const isRead = config.CLAUDE_SETTING_SOURCES.includes('user');
  return isRead && config.HARNESS_MEMORY_FILE === own ? undefined : config.HARNESS_MEMORY_FILE;
}
