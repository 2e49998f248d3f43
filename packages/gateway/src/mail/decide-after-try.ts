import type { Setback } from '../outbox/deliveries-repo.ts';
import type { MailFailure, MailResult } from './transport.ts';

/** What is done after a try to send a mail. Times are Unix milliseconds. */
export type MailStep =
  | { readonly kind: 'finish' }
  | {
      readonly kind: 'wait';
      readonly until: number;
      readonly attempts: number;
      readonly setback: Setback;
    }
  | {
      readonly kind: 'give_up';
      readonly attempts: number;
      readonly setback: Setback;
      readonly doubtful: boolean;
    };

export interface MailSituation {
  readonly result: MailResult;
  /** Failed tries so far, this one not counted. */
  readonly attempts: number;
  /** The server's name. */
  readonly at: string;
  readonly now: number;
  /** From 0 to less than 1. */
  readonly random: number;
}

/** Servers that have one come again (greylisting) want a few minutes. */
const firstPauseMs = 30_000;
const longestPauseMs = 30 * 60_000;
/** With those pauses, about a day. */
const mostAttempts = 52;

/** What comes after a try. Pure. */
export function decideAfterTry(situation: MailSituation): MailStep {
  const { result, attempts, at } = situation;
  switch (result.kind) {
    case 'sent': {
      if (result.refused.length === 0) return { kind: 'finish' };
      const names = result.refused.map(({ address, words }) => `${address} (${words})`).join(', ');
      const got = result.accepted.length === 0 ? '' : ` ${result.accepted.join(', ')} got it.`;
      const words = `${at} does not take the mail for ${names}.${got}`;
      if (result.refused.some(({ passing }) => passing))
        return tryAgain(situation, { reason: 'mail_busy', detail: words });
      return giveUp(situation, 'rejected', `${words} Correct the address, or retry.`);
    }
    case 'doubtful': {
      const detail =
        `Whether the mail has arrived is not known: ${result.words}. It is not sent again by itself, so that nobody gets ` +
        'it twice. Look into the mailbox; retry if it is not there.';
      return {
        kind: 'give_up',
        attempts: attempts + 1,
        setback: { reason: 'uncertain', detail },
        doubtful: true,
      };
    }
    case 'unreachable':
      return tryAgain(situation, {
        reason: 'unreachable',
        detail: `${at} can't be reached: ${result.words}.`,
      });
    case 'busy':
      return tryAgain(situation, {
        reason: 'mail_busy',
        detail: `${at} asks to come again: ${result.words}.`,
      });
    default:
      return giveUp(situation, reasonOf[result.kind], wordsOfFailure(result, at));
  }
}

const reasonOf = {
  refused: 'rejected',
  login_refused: 'mail_login_refused',
  unsafe: 'mail_login_refused',
} as const;

/** What went wrong and what to do, for its owner. */
export function wordsOfFailure({ kind, words }: MailFailure, at: string): string {
  switch (kind) {
    case 'unreachable':
      return `${at} can't be reached: ${words}.`;
    case 'busy':
      return `${at} asks to come again: ${words}.`;
    case 'refused':
      return `${at} does not take the mail: ${words}. Look at REPORT_SENDER and the recipients, then retry.`;
    case 'login_refused':
      return `${at} refuses the login: ${words}. Correct SMTP_URL, or allow it in the settings of Mail; then retry.`;
    case 'unsafe':
      return `${at} offers no encryption, and the password is not sent without it: ${words}. Use smtps:// in SMTP_URL.`;
  }
}

function giveUp({ attempts }: MailSituation, reason: Setback['reason'], detail: string): MailStep {
  return { kind: 'give_up', attempts: attempts + 1, setback: { reason, detail }, doubtful: false };
}

function tryAgain(situation: MailSituation, setback: Setback): MailStep {
  const { attempts: before, now, random } = situation;
  const attempts = before + 1;
  if (attempts >= mostAttempts) {
    const detail = `${setback.detail} It was tried ${attempts} times.`;
    return giveUp(situation, setback.reason, detail);
  }
  const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(before, 20));
  return { kind: 'wait', until: now + Math.round(pauseMs * (0.5 + random / 2)), attempts, setback };
}
