import { createHash } from 'node:crypto';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { claudeConfigDirectory, Transcripts } from '@mini-claude-bot/claude';
import { ChatRate } from './access/chat-rate.ts';
import { LocalKey, publishLocalAccess } from './access/local-access.ts';
import { requireToken } from './access/require-token.ts';
import { StreamLimit } from './access/stream-limit.ts';
import { composeAccess } from './app-access.ts';
import { composeOutbox } from './app-outbox.ts';
import { composeTasks } from './app-tasks.ts';
import { composeTurns } from './app-turns.ts';
import { Audit } from './audit/audit.ts';
import { AuditRepo } from './audit/audit-repo.ts';
import { createBackups } from './backup/create-backups.ts';
import { finishRestore } from './backup/restore-journal.ts';
import { ChatTools } from './claude/chat-tools.ts';
import { ClaudeRuntime } from './claude/claude-runtime.ts';
import type { Config } from './config/config.ts';
import type { Environment } from './config/read-environment.ts';
import { makeCron } from './cron/make-cron.ts';
import type { Database } from './db/database.ts';
import { holdDatabase, realDatabasePath } from './db/hold-database.ts';
import { openDatabase } from './db/open-database.ts';
import { HarnessArchive } from './harness/harness-archive.ts';
import { createHealth } from './health/create-health.ts';
import { ChatHistoryRepo } from './history/chat-history-repo.ts';
import { ConversationsRepo } from './history/conversations-repo.ts';
import { type Clock, systemClock } from './host/clock.ts';
import { freeMemory as systemFreeMemory } from './host/free-memory.ts';
import type { Logger } from './host/logger.ts';
import { processMemory } from './host/process-memory.ts';
import { pageDirectory } from './http/page/page-place.ts';
import { createServer } from './http/server.ts';
import { changesOfWarmth } from './live/changes-of-warmth.ts';
import { LiveChanges } from './live/live-changes.ts';
import { watchTables } from './live/watch-tables.ts';
import { MemoryRepo } from './memory/memory-repo.ts';
import { MemoryService } from './memory/memory-service.ts';
import { memoryRecall } from './memory/recall.ts';
import { createMetrics } from './metrics/create-metrics.ts';
import { ClaudeLogin } from './overview/claude-login.ts';
import { OverviewRepo } from './overview/overview-repo.ts';
import { composeReports } from './reports/compose-reports.ts';
import { createSearch } from './search/create-search.ts';
import type { KnownSecrets } from './secrets/known-secrets.ts';
import { openSecretBox } from './secrets/open-secret-box.ts';
import { ChatEndings } from './sessions/chat-endings.ts';
import { chatLane } from './sessions/chat-lane.ts';
import { ChatSessions } from './sessions/chat-sessions.ts';
import { reapAll, startReaper } from './sessions/reaper.ts';
import { SessionsRepo } from './sessions/sessions-repo.ts';
import { foldsCase, Workspaces } from './sessions/workspace.ts';
import { allTasks } from './tasks/all-tasks.ts';
import { openTracer } from './trace/open-tracer.ts';
import { LaneProfiles } from './turns/lane-profile.ts';
import { LaneScheduler } from './turns/lane-scheduler.ts';
import { TurnContext } from './turns/turn-context.ts';

const megabyte = 1024 * 1024;

/** A gateway that serves. */
export interface Gateway {
  /** Where it listens: `http://127.0.0.1:8000`. */
  readonly url: string;
  readonly claude: ClaudeRuntime;
  /** Ids of the contract's operations that are served. */
  readonly bound: ReadonlySet<string>;
  /** Let running turns end within `graceMs`, then end everything. What waits runs after the next start. */
  readonly close: (graceMs: number) => Promise<void>;
}

/** What a gateway is started with. */
export interface GatewayOptions {
  readonly config: Config;
  /** The owner's environment: what Claude gets, less the secrets. */
  readonly environment: Environment;
  /** What of it the process itself was given, not by a file; unset: all of it. */
  readonly ofProcess?: Environment;
  readonly logger: Logger;
  /** What must not leave this process in an answer; the logger hides it, too. */
  readonly secrets: KnownSecrets;
  readonly clock?: Clock;
  /** Bytes of memory that programs can still be given; unset: what the system says. */
  readonly freeMemory?: () => Promise<number>;
  /** Where the built page is; unset: where the build puts it. */
  readonly pageDirectory?: string;
}

/**
 * Put everything together and listen.
 * @throws ConfigError where a token is needed and there is none; DatabaseError; or the system's error when the port is taken (`EADDRINUSE`) or not allowed
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, environment, logger, secrets, clock = systemClock } = options;
  const { freeMemory = systemFreeMemory } = options;
  requireToken(config, clock.now());
  const databasePath = realDatabasePath(config.DATABASE_PATH);
  const tracer = await openTracer(config, clock, logger);
  const release = holdDatabase(databasePath);
  const database = openOrRelease(databasePath, release);
  const { now } = clock;
  const live = new LiveChanges(clock);
  watchTables(database, (change) => live.changed(change));
  const gatewayId = createHash('sha256').update(databasePath).digest('hex').slice(0, 12);
  const chatTools = new ChatTools({ config, clock, logger });
  const claude = new ClaudeRuntime({
    config,
    tools: chatTools,
    environment,
    gatewayId,
    now,
    logger,
    processMemory,
    onChanged: (key) => {
      for (const change of changesOfWarmth(key)) live.changed(change);
    },
    maxWarmBytes: config.GATEWAY_MAX_WARM_MB * megabyte || totalmem() / 2,
  });
  // The database is ours, so whoever served it has gone; they are looked for while the rest is put together.
  const orphansEnded = claude.endOrphans();
  orphansEnded.catch(() => {});
  const history = new ChatHistoryRepo(database);
  const workspaces = new Workspaces(
    config.GATEWAY_SESSION_DIR,
    foldsCase(config.GATEWAY_SESSION_DIR),
  );
  const transcripts = new Transcripts(claudeConfigDirectory(claude.environment));
  const archive = new HarnessArchive(config.GATEWAY_ARCHIVE_DIR, now);
  const sessions = new ChatSessions({
    repo: new SessionsRepo(database),
    workspaces,
    transcripts,
    claude,
    clock,
    archive,
    logger,
    timeouts: {
      ordinary: config.GATEWAY_SESSION_TIMEOUT,
      harness: config.HARNESS_SESSION_TIMEOUT,
    },
  });
  const scheduler = new LaneScheduler(config.GATEWAY_MAX_CLAUDE_PROCESSES, clock);
  const profiles = new LaneProfiles();
  profiles.register('main', chatLane(config, sessions));
  const context = new TurnContext(clock, logger);
  const search = createSearch(
    database,
    config,
    clock,
    logger,
    () => scheduler.slotsUsed > 0,
    (mode, tookMs) => metricsApp.gatewayMetrics.searched(mode, tookMs),
  );
  const memories = new MemoryService({
    repo: new MemoryRepo(database),
    clock,
    onWritten: () => search.written(),
  });
  if (config.MEMORY_RECALL === 'on') {
    const limits = {
      memories: config.MEMORY_RECALL_MAX,
      characters: config.MEMORY_RECALL_MAX_CHARS,
    };
    context.add(memoryRecall(search, limits));
  }
  const { turns, turnsRepo } = composeTurns({
    config,
    database,
    history,
    profiles,
    context,
    claude,
    scheduler,
    freeMemory,
    secrets,
    tracer,
    onEnded: (turn) => metricsApp.gatewayMetrics.turnEnded(turn),
    clock,
    logger,
  });
  const endings = new ChatEndings(turns, sessions);
  const audit = new Audit({ repo: new AuditRepo(database), clock, logger, secrets });
  const localKey = new LocalKey();
  const access = composeAccess({ config, database, gatewayId, localKey, audit, clock });
  const box = openSecretBox(databasePath, secrets);
  const outboxApp = composeOutbox({
    config,
    environment,
    database,
    box,
    sessions,
    secrets,
    tracer,
    onEnded: (row, outcome) => metricsApp.gatewayMetrics.deliveryEnded(row, outcome),
    clock,
    logger,
  });
  const { outbox, deliveries, mail } = outboxApp;
  const taskApp = composeTasks({
    config,
    database,
    clock,
    logger,
    secrets,
    claude,
    sessions,
    workspaces,
    transcripts,
    archive,
    turns,
    profiles,
    context,
    endings,
    outbox,
  });
  const { tasks, chatTasks, away, awayIssues } = taskApp;
  const metricsApp = createMetrics({
    database,
    config,
    claude,
    scheduler,
    deliveries,
    archive,
    harness: { jobs: () => allTasks({ tasks, chatTasks, clock }) },
    onCollected: () => live.changed({ topic: 'status' }),
    clock,
    logger,
  });
  const chatRate = new ChatRate(config.GATEWAY_MESSAGES_PER_MINUTE, clock);
  const reportApp = composeReports({
    config,
    environment,
    database,
    claude,
    workspaces,
    transcripts,
    profiles,
    turns,
    outbox,
    mailbox: mail.mailbox,
    deliveries,
    secrets,
    clock,
    logger,
  });
  const backupApp = createBackups({ config, environment, clock, logger });
  const cron = makeCron({
    config,
    environment,
    database,
    gatewayId,
    claude,
    workspaces,
    transcripts,
    profiles,
    turns,
    chatRate,
    teller: outbox,
    secrets,
    audit,
    deliveries,
    actions: { ...metricsApp.actions, ...backupApp.backupActions, report: reportApp.action },
    ownJobs: [...metricsApp.ownJobs, ...backupApp.backupJobs],
    onRunOver: (...run) => metricsApp.gatewayMetrics.cronRunEnded(...run),
    clock,
    logger,
  });
  endings.add({ forget: (chat) => cron.sessions.forgetChat(chat) });
  const reap = reapAll([
    () => sessions.reap((chat) => tasks.isAtWork(chat)),
    taskApp.reap,
    () => cron.sessions.reap(config.GATEWAY_BG_SESSION_IDLE_TIMEOUT),
  ]);
  const reports = reportApp.serve(cron.service);
  const healthApp = createHealth({
    config,
    database,
    cron,
    senders: outboxApp.senders,
    search,
    clock,
    logger,
  });
  const parts = {
    ...access,
    health: healthApp.health,
    reports,
    reportMail: reportApp.mailOf,
    streams: new StreamLimit(config.GATEWAY_MAX_STREAMS),
    chatRate,
    tasks,
    chatTasks,
    away,
    awayIssues,
    botTokens: outboxApp.botTokens,
    cron: cron.service,
    turns,
    turnsRepo,
    sessions,
    endings,
    reap,
    outbox,
    chatFiles: outboxApp.chatFiles,
    deliveryParts: outboxApp.deliveryParts,
    mails: mail.mails,
    ...metricsApp,
    backups: backupApp.backups,
    claude,
    scheduler,
    clock,
    config,
    history,
    conversations: new ConversationsRepo(database),
    audit,
    memories,
    search,
    freeMemory,
    overview: new OverviewRepo(database),
    claudeLogin: new ClaudeLogin(claude, clock, () => live.changed({ topic: 'status' })),
    settingSources: { environment, ofProcess: options.ofProcess ?? environment },
    live,
    pageDirectory: options.pageDirectory ?? pageDirectory(fileURLToPath(import.meta.url)),
  };
  const { app, bound, clientFor } = await createServer({ ...parts, logger, secrets, tracer });
  chatTools.serve(clientFor);
  let stopReaper = async (): Promise<void> => {};
  let withdrawLocalAccess = (): void => {};
  const close = async (graceMs: number): Promise<void> => {
    try {
      withdrawLocalAccess();
      access.close();
      healthApp.stop();
      await stopReaper();
      cron.stop();
      await taskApp.stop();
      await reportApp.stop();
      await Promise.all([turns.shutDown(graceMs), cron.endCommands(graceMs)]);
      await taskApp.close();
      cron.close();
      await outboxApp.close(graceMs);
      await metricsApp.stop();
      await backupApp.backups.close();
      await app.close();
      await search.close();
      await claude.closeAll();
      await tracer.close();
    } finally {
      live.close();
      metricsApp.gatewayMetrics.close();
      turns.close();
      database.close();
      release();
    }
  };
  try {
    // What an earlier run left is in order before the first request comes, and runs once we are sure to serve.
    await Promise.all([orphansEnded, cron.prepare()]);
    scheduler.pause();
    turns.recover();
    taskApp.recover();
    reportApp.recover();
    cron.recover((id) => turnsRepo.find(id)?.state);
    const url = await app.listen({ host: config.HOST, port: config.PORT });
    withdrawLocalAccess = publishLocalAccess(databasePath, { url, key: localKey.text });
    scheduler.resume();
    cron.start();
    reports.watch();
    search.start();
    stopReaper = startReaper(reap, claude, clock, logger);
    outboxApp.start();
    metricsApp.metrics.start();
    healthApp.start();
    void claude.prepareSpares().catch((error: unknown) => {
      logger.warn({ err: error }, 'no spare Claude processes');
    });
    return { url, claude, bound, close };
  } catch (error) {
    await close(0).catch((fault: unknown) => logger.error({ err: fault }, 'not all was closed'));
    throw error;
  }
}

/** One that is being restored is first. A database that can't be opened is not held either. */
function openOrRelease(path: string, release: () => void): Database {
  try {
    finishRestore(path);
    return openDatabase(path);
  } catch (error) {
    release();
    throw error;
  }
}
