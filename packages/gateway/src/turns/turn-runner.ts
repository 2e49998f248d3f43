import {
  ClaudeError,
  type ClaudeEvent,
  type TokenUsage,
  type TurnOutcome,
} from '@mini-claude-bot/claude';
import { GatewayError, type TurnId } from '@mini-claude-bot/contract';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import { isUnwritable } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { wait } from '../host/wait.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { Admission } from './admission.ts';
import { ClaudeVoice } from './claude-voice.ts';
import { notStored } from './fixed-results.ts';
import { type LaneKey, laneKind } from './lane.ts';
import type { LaneProfiles } from './lane-profile.ts';
import type { TurnResult } from './reply.ts';
import { pauseBeforeRetry } from './retry.ts';
import { type AbortKind, abortKind } from './turn-abort.ts';
import { type ContextPiece, contextText, type TurnContext } from './turn-context.ts';
import type { TurnFeed } from './turn-feed.ts';
import type { OpenSession } from './turn-sessions.ts';
import { Watchdog } from './watchdog.ts';

/** A turn's end with what it took. */
export interface RunResult extends TurnResult {
  readonly usage?: TokenUsage | undefined;
  /** US dollars that the conversation has cost in all. */
  readonly totalCostUsd?: number | undefined;
  /** The conversation of Claude's that it was a part of. */
  readonly claudeSessionId?: string | undefined;
  /** What Claude was told beside the message. */
  readonly told?: readonly ContextPiece[];
  /** When the first text came, in Unix milliseconds. */
  readonly firstTextAtMs?: number | undefined;
}

/** What a turn runs with. */
export interface TurnRunnerParts {
  readonly profiles: LaneProfiles;
  readonly context: TurnContext;
  readonly claude: ClaudeRuntime;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly secrets: KnownSecrets;
}

/** A turn to be run. */
export interface TurnRequest extends LaneKey {
  readonly id: TurnId;
  readonly prompt: string;
  /** Gets what Claude says, as it says it. */
  readonly feed: TurnFeed;
  /** Ends the turn. */
  readonly signal: AbortSignal;
}

interface Attempt extends TurnRequest {
  readonly watchdog: Watchdog;
  /** Claude has the message: whoever sent it again would have it done twice. */
  asked: boolean;
  claudeSessionId?: string;
  told: readonly ContextPiece[];
  firstTextAtMs?: number;
}

/** Runs one turn on its lane's live session, from finding the session to Claude's last word. */
export class TurnRunner {
  readonly #parts: TurnRunnerParts;

  constructor(parts: TurnRunnerParts) {
    this.#parts = parts;
  }

  /** Never rejects: whatever goes wrong is a result. */
  async run(turn: TurnRequest): Promise<RunResult> {
    const { id, chat, lane, prompt, feed } = turn;
    const profile = this.#parts.profiles.of(laneKind(lane));
    const limits = profile.limitsOf?.(turn) ?? profile.limits;
    const watchdog = new Watchdog(limits, this.#parts.clock);
    const signal = AbortSignal.any([turn.signal, watchdog.signal]);
    const request = { id, chat, lane, prompt, feed, signal };
    const attempt: Attempt = { ...request, watchdog, asked: false, told: [] };
    try {
      const result = await this.#askUntilAnswered(attempt);
      const shown = this.#withoutSecrets(result);
      const { claudeSessionId, told, firstTextAtMs } = attempt;
      return { ...shown, claudeSessionId, told, firstTextAtMs };
    } finally {
      watchdog.stop();
    }
  }

  #withoutSecrets({ text, error, ...rest }: RunResult): RunResult {
    const { secrets } = this.#parts;
    const told = error && { error: { ...error, message: secrets.hide(error.message) } };
    return { ...rest, text: secrets.hide(text), ...told };
  }

  async #askUntilAnswered(attempt: Attempt): Promise<RunResult> {
    const { feed, signal } = attempt;
    try {
      for (let retries = 0; ; retries += 1) {
        const { outcome, usedTools } = await this.#ask(attempt);
        const pauseMs = pauseBeforeRetry(outcome, { retries, usedTools });
        if (pauseMs === undefined) return resultOf(outcome, signal);
        feed.restart('Claude was ended by the system, and is started again.', '');
        await wait(pauseMs, this.#parts.clock, signal);
      }
    } catch (error) {
      if (signal.aborted) return resultOf({ kind: 'interrupted', text: feed.text }, signal);
      const fault = this.#faultOf(error, attempt);
      if (attempt.asked) return { state: 'failed', text: feed.text, error: fault };
      return { state: 'refused', text: '', error: fault };
    }
  }

  async #ask(attempt: Attempt): Promise<{ outcome: TurnOutcome; usedTools: boolean }> {
    const { claude, profiles, context, admission, secrets } = this.#parts;
    const { prompt, feed, watchdog, signal } = attempt;
    const { sessions, attended, toolChat } = profiles.of(laneKind(attempt.lane));
    const toolUser = { chat: toolChat?.(attempt) ?? attempt.chat, attended };
    const session = await sessions.open(attempt);
    await admission.admit(session.key, signal);
    const { conversationId } = session;
    const [live, told] = await Promise.all([
      claude.acquire({ ...session, toolUser }),
      // What the gateway knows of its owner is nothing for those who work for strangers.
      session.confinement === undefined
        ? context.gather({ ...attempt, conversationId }, signal)
        : [],
    ]);
    attempt.told = told;
    const voice = new ClaudeVoice(feed, secrets);
    let usedTools = false;
    try {
      feed.append({ type: 'started', content: '' });
      const observer = {
        onFrame: () => watchdog.progress(),
        onEvent: (event: ClaudeEvent) => {
          if (event.type === 'tool') usedTools = true;
          if (event.type === 'text') attempt.firstTextAtMs ??= this.#parts.clock.now();
          if (event.type === 'session') {
            attempt.claudeSessionId = event.sessionId;
            sessions.noteClaudeSession(session, event.sessionId);
          } else voice.show(event);
        },
      };
      attempt.asked = true;
      const message = { prompt, context: contextText(told) };
      return { outcome: await live.run(message, observer, signal), usedTools };
    } finally {
      voice.end();
      claude.release(session.key);
      // What a turn left in the background ends with it, where the turn was ended.
      if (signal.aborted) await this.#close(session);
    }
  }

  /** What could not be ended is told: the turn is over all the same. */
  async #close({ key, place }: OpenSession): Promise<void> {
    const { claude, logger } = this.#parts;
    await claude.close(key).catch((error: unknown) => {
      logger.error({ err: error, ...place }, 'a Claude process could not be ended');
    });
  }

  /** What kept a turn from being run, or broke it off, in words. */
  #faultOf(error: unknown, { chat, asked }: Attempt): NonNullable<TurnResult['error']> {
    if (error instanceof ClaudeError) return { code: error.reason, message: error.message };
    if (error instanceof GatewayError) return { code: error.code, message: error.message };
    this.#parts.logger.error({ err: error, ...chat }, 'a turn could not be run');
    if (!asked && isUnwritable(error)) return notStored.error;
    const what = asked ? 'broke the answer off' : 'kept this message from being run';
    return { code: 'internal', message: `A fault of the gateway ${what}; its log says more.` };
  }
}

const endedBecause: Record<Exclude<AbortKind, 'stopped'>, string> = {
  interrupted: 'The gateway was stopped while Claude was answering. Please send the message again.',
  turn_timeout: 'Claude took longer than a turn may, and was ended. Perhaps ask for less at once.',
  no_progress:
    'Claude made no progress for too long, and was ended. Please send the message again.',
};

function resultOf(outcome: TurnOutcome, signal: AbortSignal): RunResult {
  const { text, usage, totalCostUsd } = outcome;
  const rest = { text, usage, totalCostUsd };
  switch (outcome.kind) {
    case 'completed':
      return { state: 'completed', ...rest };
    case 'failed': {
      const { reason, message } = outcome.failure;
      return { state: 'failed', error: { code: reason, message }, ...rest };
    }
    case 'interrupted': {
      const kind = abortKind(signal);
      if (kind === 'stopped') return { state: 'stopped', ...rest };
      const error = { code: kind, message: endedBecause[kind] };
      return { state: kind === 'interrupted' ? 'interrupted' : 'failed', error, ...rest };
    }
  }
}
