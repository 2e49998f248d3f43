import { randomUUID } from 'node:crypto';
import { TurnId } from '@mini-claude-bot/contract';
import type { ClaudeRuntime } from './claude/claude-runtime.ts';
import type { Config } from './config/config.ts';
import type { Database } from './db/database.ts';
import type { ChatHistoryRepo } from './history/chat-history-repo.ts';
import type { Clock } from './host/clock.ts';
import type { Logger } from './host/logger.ts';
import type { KnownSecrets } from './secrets/known-secrets.ts';
import type { Tracer } from './trace/tracer.ts';
import { Admission } from './turns/admission.ts';
import type { LaneProfiles } from './turns/lane-profile.ts';
import type { LaneScheduler } from './turns/lane-scheduler.ts';
import type { TurnContext } from './turns/turn-context.ts';
import { TurnJournal } from './turns/turn-journal.ts';
import { TurnRunner } from './turns/turn-runner.ts';
import { TurnService, type TurnServiceParts } from './turns/turn-service.ts';
import { TurnsRepo } from './turns/turns-repo.ts';

const megabyte = 1024 * 1024;

/** What turns are made from. */
export interface TurnParts {
  readonly config: Config;
  readonly database: Database;
  readonly history: ChatHistoryRepo;
  readonly profiles: LaneProfiles;
  readonly context: TurnContext;
  readonly claude: ClaudeRuntime;
  readonly scheduler: LaneScheduler;
  /** Bytes that programs can still be given. */
  readonly freeMemory: () => Promise<number>;
  readonly secrets: KnownSecrets;
  readonly tracer: Tracer;
  readonly onEnded: NonNullable<TurnServiceParts['onEnded']>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The one path on which Claude is asked something: journal, lanes, slots, admission, and the run itself. */
export function composeTurns(parts: TurnParts): { turns: TurnService; turnsRepo: TurnsRepo } {
  const { config, database, profiles, context, claude, secrets, tracer, clock, logger } = parts;
  const turnsRepo = new TurnsRepo(database);
  const admission = new Admission({
    claude,
    freeMemory: parts.freeMemory,
    clock,
    floor: config.GATEWAY_MIN_FREE_MB * megabyte,
    maxWaitMs: config.GATEWAY_MEMORY_WAIT_TIMEOUT * 1000,
  });
  const asking = { profiles, context, claude, admission };
  const turns = new TurnService({
    journal: new TurnJournal({
      database,
      turns: turnsRepo,
      history: parts.history,
      profiles,
      clock,
      logger,
    }),
    turns: turnsRepo,
    profiles,
    scheduler: parts.scheduler,
    runner: new TurnRunner({ ...asking, clock, logger, secrets, tracer }),
    clock,
    tracer,
    newTurnId: () => TurnId.parse(randomUUID()),
    logger,
    messageMax: config.GATEWAY_MAX_MESSAGE_KB * 1024,
    onEnded: parts.onEnded,
  });
  return { turns, turnsRepo };
}
