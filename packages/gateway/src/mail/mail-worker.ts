import { type Database, wordsOf } from '../db/database.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { wait } from '../host/wait.ts';
import type { DeliveriesRepo } from '../outbox/deliveries-repo.ts';
import type { DeliveryRow } from '../outbox/delivery.ts';
import { decideAfterTry, type MailStep } from './decide-after-try.ts';
import type { OutgoingMail } from './mail.ts';
import type { MailsRepo } from './mails-repo.ts';
import type { MailResult, MailTransport } from './transport.ts';

/** The database can't be written for now. */
const tryAgainMs = 5_000;

const noWay = {
  kind: 'give_up',
  setback: {
    reason: 'mail_unconfigured',
    detail:
      'There is no way to send mail: set SMTP_URL (smtps://name:password@host), or use a Mac with Mail; then retry.',
  },
  doubtful: false,
} as const;

export interface MailWorkerParts {
  readonly database: Database;
  readonly deliveries: DeliveriesRepo;
  readonly mails: MailsRepo;
  /** Made when the first mail goes out; undefined: there is no way. */
  readonly transport: () => MailTransport | undefined;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** A mail is given up, in the transaction that writes so: what is told of it is there then, or neither is. */
  readonly onGivenUp: (row: DeliveryRow) => void;
  /** A mail has arrived, or is given up. */
  readonly onEnded: (row: DeliveryRow, outcome: 'delivered' | 'dead') => void;
}

/**
 * Sends mails, one after the other. Before one can reach anybody its row says so; what the row says then, and no
 * answer came for, is in doubt and is not sent again by itself: nobody gets a mail twice.
 */
export class MailWorker {
  readonly #parts: MailWorkerParts;
  readonly #stop = new AbortController();
  #serving = false;
  #working: Promise<void> | undefined;
  #cancelTimer = (): void => {};

  constructor(parts: MailWorkerParts) {
    this.#parts = parts;
  }

  /** Begin, where an earlier run left off. */
  start(): void {
    const { mails } = this.#parts;
    for (const row of mails.sending()) {
      const result = { kind: 'doubtful', words: 'the gateway ended while it was sent' } as const;
      this.#settle(row, result, 'the mail server');
    }
    this.#serving = true;
    this.wake();
  }

  /** Begin nothing new, and end what goes on: on its own within `graceMs`, else without its answer. */
  async close(graceMs: number): Promise<void> {
    this.#serving = false;
    this.#cancelTimer();
    const cancel = this.#parts.clock.after(graceMs, () => this.#stop.abort(new Error('it stops')));
    await this.#working;
    cancel();
    this.#stop.abort(new Error('it stops'));
  }

  /** How long a mail is due while none is sent, in milliseconds; undefined: none is due, or one goes out. */
  overdueMs(): number | undefined {
    if (!this.#serving || this.#working !== undefined) return undefined;
    const { mails, clock } = this.#parts;
    const dues = mails.open().map((row) => Math.max(row.not_before_ms, row.created_at_ms));
    return dues.length === 0 ? undefined : Math.max(0, clock.now() - Math.min(...dues));
  }

  /** Look for what is due, and for when the next will be. */
  readonly wake = (): void => {
    if (!this.#serving || this.#working !== undefined) return;
    this.#cancelTimer();
    const { clock, logger, mails } = this.#parts;
    const now = clock.now();
    let next: number | undefined;
    try {
      const open = mails.open();
      const due = open.find(({ not_before_ms }) => not_before_ms <= now);
      if (due !== undefined) this.#begin(due);
      else if (open.length > 0) next = Math.min(...open.map(({ not_before_ms }) => not_before_ms));
    } catch (error) {
      logger.error({ err: error }, 'the mails cannot be read');
      next = now + tryAgainMs;
    }
    if (next !== undefined) this.#cancelTimer = clock.after(next - now, this.wake);
  };

  #begin(row: DeliveryRow): void {
    this.#working = this.#send(row)
      .catch(async (error: unknown) => {
        if (this.#stop.signal.aborted) return;
        this.#parts.logger.error({ err: error, delivery: row.id }, 'a mail could not go on');
        await wait(tryAgainMs, this.#parts.clock, this.#stop.signal).catch(() => {});
      })
      .finally(() => {
        this.#working = undefined;
        this.wake();
      });
  }

  async #send(row: DeliveryRow): Promise<void> {
    const { mails } = this.#parts;
    const transport = this.#parts.transport();
    if (transport === undefined) {
      const step = { ...noWay, attempts: row.attempts };
      return this.#surely(() => this.#carryOut(row, step, []));
    }
    const mail = mails.outgoing(row);
    if (mail === undefined) throw new Error(`the mail of the delivery ${row.id} is gone`);
    const result = await this.#handOver(row, mail, transport);
    // It was cut off by us before it could reach anybody: the next start begins anew.
    if (this.#stop.signal.aborted && result.kind === 'unreachable') return this.#putBack(row);
    await this.#surely(() => this.#settle(row, result, transport.name));
  }

  async #handOver(
    { id, seq }: DeliveryRow,
    mail: OutgoingMail,
    transport: MailTransport,
  ): Promise<MailResult> {
    if (mail.pending.length === 0) return { kind: 'sent', accepted: [], refused: [] };
    const { deliveries, logger } = this.#parts;
    let begun = false;
    const onBegin = (): void => {
      deliveries.begin(seq);
      begun = true;
    };
    try {
      return await transport.send(mail, onBegin, this.#stop.signal);
    } catch (error) {
      // Taken up again, it might go out twice; and one that always fails would hold up all others.
      logger.error({ err: error, delivery: id }, 'a mail could not be handed over');
      return { kind: begun ? 'doubtful' : 'unreachable', words: wordsOf(error) };
    }
  }

  #putBack({ seq, attempts }: DeliveryRow): void {
    const setback = { reason: 'unreachable', detail: 'The gateway was stopped.' } as const;
    this.#parts.deliveries.postpone(seq, setback, attempts, 0);
  }

  #settle(row: DeliveryRow, result: MailResult, at: string): void {
    const { clock, random } = this.#parts;
    const situation = { result, attempts: row.attempts, at, now: clock.now(), random: random() };
    const accepted = result.kind === 'sent' ? result.accepted : [];
    this.#carryOut(row, decideAfterTry(situation), accepted);
  }

  #carryOut(row: DeliveryRow, step: MailStep, accepted: readonly string[]): void {
    const { database, mails, clock, logger, onEnded } = this.#parts;
    database.transaction(() => {
      mails.accept(row.seq, accepted);
      this.#take(step, row, clock.now());
    })();
    if ('setback' in step)
      logger.warn({ delivery: row.id, ...step.setback }, 'a mail was not sent');
    if (step.kind === 'finish') onEnded(row, 'delivered');
    if (step.kind === 'give_up') onEnded(row, 'dead');
  }

  #take(step: MailStep, { id, seq }: DeliveryRow, now: number): void {
    const { deliveries, mails, onGivenUp } = this.#parts;
    switch (step.kind) {
      case 'finish':
        deliveries.finish(seq, now);
        mails.dropAttachments(seq);
        break;
      case 'wait':
        deliveries.postpone(seq, step.setback, step.attempts, step.until);
        break;
      case 'give_up': {
        if (step.doubtful) mails.doubt(seq);
        deliveries.bury(seq, step.setback, step.attempts, now);
        const buried = deliveries.find(id);
        if (buried !== undefined) onGivenUp(buried);
      }
    }
  }

  /** What has happened must be written: it is tried until it can be. */
  async #surely(write: () => void): Promise<void> {
    const { clock, logger } = this.#parts;
    for (;;) {
      try {
        return write();
      } catch (error) {
        logger.error({ err: error }, 'what became of a mail cannot be written yet');
        await wait(tryAgainMs, clock, this.#stop.signal);
      }
    }
  }
}
