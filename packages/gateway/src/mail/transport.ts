import type { OutgoingMail } from './mail.ts';

/** What became of a mail that was handed over. */
export type MailResult =
  | {
      readonly kind: 'sent';
      /** Whom it was taken for. */
      readonly accepted: readonly string[];
      /** Whom it was not taken for, and why. */
      readonly refused: readonly Refusal[];
    }
  /** Nobody has got it. */
  | MailFailure
  /** The connection broke after all of it was given, and before the server said that it has it. */
  | { readonly kind: 'doubtful'; readonly words: string };

export type MailFailure = {
  /**
   * `unreachable`: no connection, or it broke. `busy`: the server asks to come again. `refused`: it will never take
   * it. `login_refused`: it does not know name and password. `unsafe`: the password would go over the line unsealed.
   */
  readonly kind: 'unreachable' | 'busy' | 'refused' | 'login_refused' | 'unsafe';
  readonly words: string;
};

export interface Refusal {
  readonly address: string;
  readonly words: string;
  /** The server asks to come again. */
  readonly passing: boolean;
}

/** A way for mails to go out. */
export interface MailTransport {
  /** For people: `smtp.example.org:465`, `Mail.app`. */
  readonly name: string;
  /**
   * Hand a mail over to those who have not got it. Never rejects.
   * @param onBegin called right before it can reach anybody: what comes after is in doubt until there is an answer
   */
  readonly send: (
    mail: OutgoingMail,
    onBegin: () => void,
    signal: AbortSignal,
  ) => Promise<MailResult>;
  /** Whether mails can be sent. Sends none. @returns undefined when all is well */
  readonly check: (signal: AbortSignal) => Promise<MailFailure | undefined>;
}
