import { ChatId, type ChatKey, GatewayError, type TurnId } from '@mini-claude-bot/contract';
import type { ChatRate } from '../access/chat-rate.ts';
import type { Logger } from '../host/logger.ts';
import type { LaneSessions } from '../sessions/lane-sessions.ts';
import type { LaneKey } from '../turns/lane.ts';
import type { LaneProfile } from '../turns/lane-profile.ts';
import type { LiveTurn } from '../turns/live-turn.ts';
import { replyText, type TurnResult } from '../turns/reply.ts';
import type { TurnService } from '../turns/turn-service.ts';
import type { TurnLimits } from '../turns/watchdog.ts';
import { isOfOneRun, runPlace } from './job-place.ts';
import type { JobRow } from './job-row.ts';
import type { JobsRepo } from './jobs-repo.ts';
import type { RunEndings } from './run-endings.ts';
import { type RunExecutor, replaced, type StopReason, stopped } from './run-executor.ts';
import type { RunOutcome, RunRow } from './run-row.ts';
import type { RunsRepo } from './runs-repo.ts';

/** What Claude jobs run with. */
export interface ClaudeExecutorParts {
  readonly turns: TurnService;
  readonly sessions: LaneSessions;
  readonly jobs: JobsRepo;
  readonly runs: RunsRepo;
  readonly endings: RunEndings;
  /** A schedule says no more to a chat than a caller may. */
  readonly chatRate: ChatRate;
  readonly now: () => number;
  readonly logger: Logger;
}

const tryAgainMs = 5_000;

/** A run whose turn is not there yet. */
interface Beginning {
  readonly done: Promise<void>;
  /** It is not to be there at all. */
  reason?: StopReason;
}

/** Runs Claude jobs: each is a turn, which is durable by itself and ends its run in its own transaction. */
export class ClaudeExecutor implements RunExecutor {
  readonly #parts: ClaudeExecutorParts;
  readonly #beginning = new Map<number, Beginning>();
  readonly #reasons = new Map<TurnId, StopReason>();
  /** Turns wait for their slots themselves. */
  readonly free = true;

  constructor(parts: ClaudeExecutorParts) {
    this.#parts = parts;
  }

  start(job: JobRow, run: RunRow): void {
    const done = this.#submit(job, run)
      .catch((error: unknown) => this.#notSubmitted(run, error))
      .finally(() => this.#beginning.delete(run.id));
    this.#beginning.set(run.id, { done });
  }

  async stop(runId: number, reason: StopReason): Promise<void> {
    const { turns, runs } = this.#parts;
    const beginning = this.#beginning.get(runId);
    if (beginning !== undefined) {
      beginning.reason = reason;
      await beginning.done;
    }
    const turnId = runs.find(runId)?.turn_id ?? null;
    if (turnId === null) return;
    this.#reasons.set(turnId, reason);
    await turns.cancel(turnId);
    this.#reasons.delete(turnId);
  }

  /** How the turns of jobs are. */
  profile(limits: TurnLimits): LaneProfile {
    return {
      attended: false,
      limits,
      limitsOf: (place) => this.#limitsOf(place, limits),
      waitMs: Number.POSITIVE_INFINITY,
      queueMax: 100,
      sessions: this.#parts.sessions,
      storedUnder: ({ chat }) => ({ sessionId: `${chat.chatId}-${chat.botId}`, source: 'cron' }),
      toolChat: (place) => this.#toldChat(place),
      afterRestart: ({ id }) => {
        const run = this.#parts.runs.findByTurn(id);
        const job = run === undefined ? undefined : this.#parts.jobs.find(run.job_id);
        return job?.rerun_after_crash === 1
          ? { kind: 'resumed', prompt: goOn }
          : { kind: 'interrupted' };
      },
      onEnd: (turn, result) => this.#record(turn, result),
      afterEnd: (turn) => this.#afterEnd(turn),
    };
  }

  async #submit(job: JobRow, run: RunRow): Promise<void> {
    const { turns, sessions, runs, chatRate } = this.#parts;
    const place = runPlace(job, run);
    if (job.session === 'fresh') await sessions.forget(place);
    if (this.#beginning.get(run.id)?.reason !== undefined) return this.#stoppedBefore(run);
    if (runs.find(run.id)?.state !== 'running') return;
    chatRate.take(place.chat);
    const message = {
      ...place,
      origin: 'cron' as const,
      text: job.command,
      userId: null,
      username: null,
    };
    const submitted = turns.submit(message, (turnId) => runs.setTurn(run.id, turnId));
    if (submitted.kind === 'refused')
      await this.#end(run.id, outcomeOfTurn(submitted.result, undefined));
  }

  #stoppedBefore({ id }: RunRow): Promise<void> {
    const why = this.#beginning.get(id)?.reason === 'replaced' ? replaced : stopped;
    return this.#end(id, { state: 'stopped', result: why, why });
  }

  #end(id: number, outcome: RunOutcome): Promise<void> {
    const { endings } = this.#parts;
    return endings.settle(id, () => endings.record(id, outcome));
  }

  /** Nothing was asked. It is tried again later, unless it can never be, or is not to be. */
  async #notSubmitted(run: RunRow, error: unknown): Promise<void> {
    const { endings, runs, now, logger } = this.#parts;
    const { id, attempt } = run;
    if (this.#beginning.get(id)?.reason !== undefined) return this.#stoppedBefore(run);
    if (error instanceof GatewayError && error.code !== 'shutting_down') {
      return this.#end(id, { state: 'failed', result: error.message });
    }
    logger.warn({ err: error, run: id }, 'a job could not be handed to Claude yet');
    await endings.settle(id, () => runs.requeue(id, now() + tryAgainMs, attempt - 1, null));
  }

  #jobOf({ lane }: LaneKey): JobRow | undefined {
    return this.#parts.jobs.findNumber(Number(/^cron:(\d+)/.exec(lane)?.[1]));
  }

  /** The chat that is told results: a job works for that one, and its own has no one in it. */
  #toldChat(place: LaneKey): ChatKey | undefined {
    const job = this.#jobOf(place);
    const told = ChatId.safeParse(job?.notify_chat_id);
    return job !== undefined && told.success ? { botId: job.bot_id, chatId: told.data } : undefined;
  }

  #limitsOf(place: LaneKey, limits: TurnLimits): TurnLimits {
    const own = this.#jobOf(place)?.timeout_seconds ?? null;
    return own === null ? limits : { ...limits, totalMs: own * 1000 };
  }

  #record({ id }: LiveTurn, result: TurnResult): void {
    const run = this.#parts.runs.findByTurn(id);
    if (run === undefined) return;
    this.#parts.endings.record(run.id, outcomeOfTurn(result, this.#reasons.get(id)));
  }

  #afterEnd({ id, chat, lane }: LiveTurn): void {
    const { runs, endings, sessions, logger } = this.#parts;
    const run = runs.findByTurn(id);
    if (run !== undefined) endings.announce(run.id);
    const place = { chat, lane };
    // The next run is far off, or begins anew; of several at a time none goes on with another.
    const ended = isOfOneRun(lane) ? sessions.forget(place) : sessions.close(place);
    ended.catch((error: unknown) => {
      logger.error({ err: error, ...chat }, 'a Claude process of a job could not be ended');
    });
  }
}

const goOn =
  'The gateway was restarted while you were at this scheduled job. See how far it came, finish what is left, ' +
  'and do nothing twice.';

const states: Partial<Record<TurnResult['state'], RunOutcome['state']>> = {
  completed: 'succeeded',
  stopped: 'stopped',
  interrupted: 'interrupted',
};

function outcomeOfTurn(result: TurnResult, reason: StopReason | undefined): RunOutcome {
  const { text, error } = result;
  if (error === undefined && result.state === 'completed')
    return { state: 'succeeded', result: text };
  const late = error?.code === 'turn_timeout' ? 'timed_out' : 'failed';
  const why = reason === 'replaced' ? replaced : error?.message;
  return { state: states[result.state] ?? late, result: replyText(result), why };
}
