import { randomUUID } from 'node:crypto';
import type { Transcripts } from '@mini-claude-bot/claude';
import { DeliveryId, type TurnId, type TurnState } from '@mini-claude-bot/contract';
import type { ChatRate } from '../access/chat-rate.ts';
import type { Audit } from '../audit/audit.ts';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/read-environment.ts';
import type { Database } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { DeliveriesRepo } from '../outbox/deliveries-repo.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { LaneSessions } from '../sessions/lane-sessions.ts';
import { LaneSessionsRepo } from '../sessions/lane-sessions-repo.ts';
import type { Workspaces } from '../sessions/workspace.ts';
import type { LaneProfiles } from '../turns/lane-profile.ts';
import type { TurnService } from '../turns/turn-service.ts';
import { AuditedRuns } from './audited-runs.ts';
import { ClaudeExecutor } from './claude-executor.ts';
import { CountedRuns, type OnRunOver } from './counted-runs.ts';
import { CronScheduler } from './cron-scheduler.ts';
import { CronService } from './cron-service.ts';
import { type GatewayActions, GatewayExecutor } from './gateway-executor.ts';
import { IncidentsRepo } from './incidents-repo.ts';
import { claudeDirectory, jobChat, shellRoot } from './job-place.ts';
import { JobSchedules } from './job-schedule.ts';
import { JobsRepo } from './jobs-repo.ts';
import { Occurrences } from './occurrences.ts';
import { type OwnJob, OwnJobs } from './own-jobs.ts';
import { recoverRuns } from './recover-runs.ts';
import { RunEndings, type Teller } from './run-endings.ts';
import { RunOutputs } from './run-outputs.ts';
import { RunsRepo } from './runs-repo.ts';
import { ShellExecutor } from './shell/shell-executor.ts';
import { userShell } from './shell/user-shell.ts';
import { takeOverJobs } from './take-over.ts';

/** How long a change of the clock, or a machine that woke up, may stay unnoticed by jobs. */
const longestWaitMs = 15_000;

/** What jobs need of the rest of the gateway. */
export interface CronParts {
  readonly config: Config;
  readonly environment: Environment;
  readonly database: Database;
  readonly gatewayId: string;
  readonly claude: ClaudeRuntime;
  readonly workspaces: Workspaces;
  readonly transcripts: Transcripts;
  readonly profiles: LaneProfiles;
  readonly turns: TurnService;
  readonly chatRate: ChatRate;
  readonly teller: Teller;
  readonly audit: Audit;
  readonly secrets: KnownSecrets;
  readonly deliveries: DeliveriesRepo;
  /** What jobs may have the gateway do itself. */
  readonly actions: GatewayActions;
  /** Jobs that there are without anybody making them. */
  readonly ownJobs: readonly OwnJob[];
  readonly onRunOver: OnRunOver;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Jobs, put together. */
export interface Cron {
  readonly service: CronService;
  /** Of Claude jobs. */
  readonly sessions: LaneSessions;
  /** Put in order what an earlier run of the gateway left. Before turns are recovered. */
  readonly prepare: () => Promise<void>;
  /** See to the runs that it had begun. After turns are recovered. */
  readonly recover: (turnState: (id: TurnId) => TurnState | undefined) => void;
  readonly start: () => void;
  /** Begin nothing more. */
  readonly stop: () => void;
  /** Let commands end within that time, and end the rest. */
  readonly endCommands: (graceMs: number) => Promise<void>;
  /** Nobody is told any more. Once turns have ended. */
  readonly close: () => void;
}

/** The part of the composition root that belongs to jobs. */
export function makeCron(parts: CronParts): Cron {
  const { config, database, claude, turns, clock, logger, gatewayId } = parts;
  const { now } = clock;
  const historyKeep = config.CRON_HISTORY_KEEP;
  const jobs = new JobsRepo(database);
  const runs = new RunsRepo(database, (id) => counted.note(id));
  const counted = new CountedRuns((id) => runs.find(id), parts.onRunOver);
  const incidents = new IncidentsRepo(database);
  const schedules = new JobSchedules();
  const endings = new RunEndings({
    database,
    jobs,
    runs,
    incidents,
    teller: parts.teller,
    clock,
    logger,
    historyKeep,
  });
  const sessions = new LaneSessions({
    kind: 'cron',
    repo: new LaneSessionsRepo(database),
    workspaces: parts.workspaces,
    transcripts: parts.transcripts,
    claude,
    clock,
    logger,
    directory: claudeDirectory(config.GATEWAY_SESSION_DIR),
    beginning: () => ({ kind: 'new' }),
  });
  const outputs = new RunOutputs((id) => runs.find(id), parts.secrets);
  const limitMs = config.CRON_SHELL_TIMEOUT * 1000;
  const shell = new ShellExecutor({
    endings,
    outputs,
    clock,
    logger,
    shell: userShell(parts.environment),
    environment: claude.environment,
    root: shellRoot(config.GATEWAY_SESSION_DIR),
    gatewayId,
    slots: config.CRON_MAX_SHELL_RUNS,
    limitMs,
  });
  const { chatRate } = parts;
  const ofClaude = { turns, sessions, jobs, runs, endings, chatRate, now, logger };
  const gateway = new GatewayExecutor({ actions: parts.actions, endings, clock, limitMs });
  const executors = { shell, claude: new ClaudeExecutor(ofClaude), gateway };
  const limits = {
    totalMs: config.CRON_CLAUDE_TIMEOUT * 1000,
    noProgressMs: config.GATEWAY_BUSY_STUCK_TIMEOUT * 1000,
  };
  parts.profiles.register('cron', executors.claude.profile(limits));
  const occurrences = new Occurrences({
    database,
    jobs,
    runs,
    incidents,
    schedules,
    logger,
    historyKeep,
  });
  const owner = randomUUID();
  const audited = new AuditedRuns(parts.audit);
  const scheduler = new CronScheduler({
    database,
    jobs,
    runs,
    occurrences,
    schedules,
    executors,
    endings,
    clock,
    logger,
    owner,
    onBegin: (job, run) => audited.begin(job, run),
    longestWaitMs,
  });
  endings.onEnd((runId) => {
    audited.end(runId);
    outputs.settled(runId);
    scheduler.wake();
  });
  const service = new CronService({
    database,
    jobs,
    runs,
    incidents,
    occurrences,
    scheduler,
    endings,
    outputs,
    executors,
    clock,
    deliveryState: (id) => parts.deliveries.find(DeliveryId.parse(id))?.state,
    forget: (job) => sessions.forgetChat(jobChat(job)),
    messageMax: config.GATEWAY_MAX_MESSAGE_KB * 1024,
  });
  return {
    service,
    sessions,
    prepare: async () => {
      await shell.endOrphans(runs.running());
      takeOverJobs(database, jobs, logger);
      new OwnJobs(database, logger).make(parts.ownJobs, (job) =>
        service.create(job, { botId: undefined }),
      );
    },
    recover: (turnState) =>
      recoverRuns(
        { jobs, runs, endings, turnState, owner, nowMs: now(), logger },
        (other) => other !== owner,
      ),
    start: () => scheduler.start(),
    stop: () => scheduler.stop(),
    endCommands: async (graceMs) => {
      await Promise.all([shell.close(graceMs), gateway.close(graceMs)]);
    },
    close: () => {
      endings.close();
      outputs.close();
    },
  };
}
