import { createHash, randomUUID } from 'node:crypto';
import { claudeConfigDirectory, Transcripts } from '@mini-claude-bot/claude';
import { TurnId } from '@mini-claude-bot/contract';
import { ClaudeRuntime } from './claude/claude-runtime.ts';
import type { Config } from './config/config.ts';
import type { Environment } from './config/read-environment.ts';
import { holdDatabase } from './db/hold-database.ts';
import { openDatabase } from './db/open-database.ts';
import { ChatHistoryRepo } from './history/chat-history-repo.ts';
import { type Clock, systemClock } from './host/clock.ts';
import type { Logger } from './host/logger.ts';
import { createServer } from './http/server.ts';
import { ChatSessions } from './sessions/chat-sessions.ts';
import { startReaper } from './sessions/reaper.ts';
import { SessionsRepo } from './sessions/sessions-repo.ts';
import { foldsCase, Workspaces } from './sessions/workspace.ts';
import { LaneScheduler } from './turns/lane-scheduler.ts';
import { TurnRunner } from './turns/turn-runner.ts';
import { TurnService } from './turns/turn-service.ts';
import { TurnsRepo } from './turns/turns-repo.ts';

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
  readonly logger: Logger;
  readonly clock?: Clock;
}

/**
 * Put everything together and listen.
 * @throws DatabaseError; or the system's error when the port is taken (`EADDRINUSE`) or not allowed
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { config, environment, logger, clock = systemClock } = options;
  const release = holdDatabase(config.DATABASE_PATH);
  const database = openDatabase(config.DATABASE_PATH);
  const { now } = clock;
  const gatewayId = createHash('sha256').update(config.DATABASE_PATH).digest('hex').slice(0, 12);
  const claude = new ClaudeRuntime({ config, environment, gatewayId, now, logger });
  const history = new ChatHistoryRepo(database);
  const sessions = new ChatSessions({
    repo: new SessionsRepo(database),
    workspaces: new Workspaces(config.GATEWAY_SESSION_DIR, foldsCase(config.GATEWAY_SESSION_DIR)),
    transcripts: new Transcripts(claudeConfigDirectory(claude.environment)),
    claude,
    clock,
    timeout: config.GATEWAY_SESSION_TIMEOUT,
  });
  const scheduler = new LaneScheduler(
    {
      slots: config.GATEWAY_MAX_CLAUDE_PROCESSES,
      waitMs: config.GATEWAY_QUEUE_WAIT_TIMEOUT * 1000,
    },
    clock,
  );
  const limits = {
    totalMs: config.GATEWAY_CLAUDE_TIMEOUT * 1000,
    noProgressMs: config.GATEWAY_BUSY_STUCK_TIMEOUT * 1000,
  };
  const turns = new TurnService({
    database,
    turns: new TurnsRepo(database),
    history,
    sessions,
    scheduler,
    runner: new TurnRunner({ sessions, claude, clock, limits, logger }),
    clock,
    newTurnId: () => TurnId.parse(randomUUID()),
    logger,
    queueMax: config.GATEWAY_QUEUE_MAX,
    messageMax: config.GATEWAY_MAX_MESSAGE_KB * 1024,
    waitTimeout: config.GATEWAY_QUEUE_WAIT_TIMEOUT,
  });
  const parts = { turns, sessions, claude, scheduler, clock, config, history, logger };
  const { app, bound } = await createServer(parts);
  const url = await app.listen({ host: config.HOST, port: config.PORT });

  await claude.endOrphans();
  turns.recover();
  const stopReaper = startReaper(sessions, clock, logger);
  void claude.prepareSpares().catch((error: unknown) => {
    logger.warn({ err: error }, 'no spare Claude processes');
  });

  const close = async (graceMs: number): Promise<void> => {
    stopReaper();
    await turns.shutDown(graceMs);
    await app.close();
    await claude.closeAll();
    database.close();
    release();
  };
  return { url, claude, bound, close };
}
