import type { CallFailure } from '../telegram/telegram.ts';
import type { Setback } from './deliveries-repo.ts';

/** What is done after a message was not sent. Times are Unix milliseconds. */
export type NextStep =
  | ({ readonly kind: 'wait'; readonly until: number; readonly attempts: number } & {
      readonly setback: Setback;
      /** Nobody of this bot's sends before that. */
      readonly wholeBot: boolean;
      /** It may be in the chat nevertheless. */
      readonly doubtful: boolean;
    })
  /** Send the same without its styles. */
  | { readonly kind: 'plain' }
  /** Send it there. */
  | { readonly kind: 'follow'; readonly to: string }
  | { readonly kind: 'give_up'; readonly setback: Setback; readonly attempts: number };

/** What the decision hangs on. */
export interface Situation {
  readonly failure: CallFailure;
  /** Failed attempts of this message so far, this one not counted. */
  readonly attempts: number;
  /** The chat that it was sent to, as Telegram names it. */
  readonly sentTo: string;
  /** It has styles, which may be what Telegram does not like. */
  readonly styled: boolean;
  readonly now: number;
  /** From 0 to less than 1. */
  readonly random: number;
}

const firstPauseMs = 1_000;
const longestPauseMs = 5 * 60_000;
/** Telegram was away for about a day. */
const mostAttempts = 300;
/** A moment over what Telegram asks for: its clock is not ours. */
const marginMs = 250;

/** What comes after a failed attempt to send a message. */
export function decideNext(situation: Situation): NextStep {
  const { failure, now, styled } = situation;
  const attempts = situation.attempts + 1;
  const giveUp = (reason: Setback['reason'], detail: string): NextStep => ({
    kind: 'give_up',
    setback: { reason, detail },
    attempts,
  });
  switch (failure.kind) {
    case 'rate_limited': {
      const until = now + failure.retryAfterMs + marginMs;
      const detail = `Telegram asks this bot to wait ${Math.ceil(failure.retryAfterMs / 1000)} s.`;
      const setback = { reason: 'rate_limited' as const, detail };
      // To be told to wait is no fault: it is not counted.
      return {
        kind: 'wait',
        until,
        attempts: attempts - 1,
        setback,
        wholeBot: true,
        doubtful: false,
      };
    }
    case 'unreachable':
      return tryAgain(situation, 'unreachable', failure.taken);
    case 'server_error':
      return tryAgain(situation, 'telegram_error', true);
    case 'rejected':
      if (styled) return { kind: 'plain' };
      return giveUp('rejected', `Telegram does not take it: ${failure.words}`);
    case 'moved':
      if (String(failure.to) === situation.sentTo) {
        return giveUp(
          'rejected',
          `Telegram names no chat that can be written to: ${failure.words}`,
        );
      }
      return { kind: 'follow', to: String(failure.to) };
    case 'forbidden':
      return giveUp(
        'forbidden',
        `The bot may not write to this chat: ${failure.words}. Have it unblocked, or added to the chat, and retry.`,
      );
    case 'token_refused':
      return giveUp(
        'token_refused',
        `Telegram does not know this bot's token: ${failure.words}. It is sent once the bot comes with another.`,
      );
  }
}

function tryAgain(
  { failure, attempts: before, now, random }: Situation,
  reason: 'unreachable' | 'telegram_error',
  doubtful: boolean,
): NextStep {
  const attempts = before + 1;
  const words = `Telegram can't be reached (${failure.words}).`;
  const detail = reason === 'unreachable' ? words : `Telegram has a fault (${failure.words}).`;
  if (attempts >= mostAttempts) {
    const setback = { reason, detail: `${detail} It was tried ${attempts} times.` };
    return { kind: 'give_up', setback, attempts };
  }
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(before, 20));
  // From half of it to all of it, so that what failed together is not tried again together.
  const until = now + Math.round(pauseMs * (0.5 + random / 2));
  return { kind: 'wait', until, attempts, setback: { reason, detail }, wholeBot: false, doubtful };
}
