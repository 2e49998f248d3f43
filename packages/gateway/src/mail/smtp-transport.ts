import { readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { OutgoingMail } from './mail.ts';
import type { SmtpServer } from './read-smtp-url.ts';
import type { MailFailure, MailResult, MailTransport, Refusal } from './transport.ts';

const connectMs = 20_000;
const silentMs = 60_000;
const loopback = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** Sends by an SMTP server (RFC 5321), by nodemailer, which is loaded with the first mail. */
export class SmtpTransport implements MailTransport {
  readonly #server: SmtpServer;
  readonly #authorities: string | undefined;

  /** @param authorities file with certificates (PEM) of authorities to trust beside the known ones */
  constructor(server: SmtpServer, authorities: string | undefined) {
    this.#server = server;
    this.#authorities = authorities;
  }

  get name(): string {
    return `${this.#server.host}:${this.#server.port}`;
  }

  async send(mail: OutgoingMail, onBegin: () => void, signal: AbortSignal): Promise<MailResult> {
    const message = await compose(mail);
    return await this.#connected(signal, async (connection) => {
      let given = false;
      const source = Readable.from([message]);
      source.once('end', () => {
        given = true;
      });
      onBegin();
      return await answered<MailResult>(signal, connection, {
        stopped: () => broken(given, 'it was stopped'),
        closed: () => broken(given, 'the connection was closed'),
        fault: (error) => failed(error, given),
        ask: (answer) => {
          const envelope = { from: mail.from, to: [...mail.pending] };
          connection.send(envelope, source, (error, info) => {
            if (error) answer(failed(error, given));
            else if (!info) answer(broken(given, 'the server gave no answer'));
            else answer({ kind: 'sent', accepted: info.accepted, refused: refusalsOf(info) });
          });
        },
      });
    });
  }

  async check(signal: AbortSignal): Promise<MailFailure | undefined> {
    const result = await this.#connected(signal, async () => ({
      kind: 'sent' as const,
      accepted: [],
      refused: [],
    }));
    if (result.kind === 'sent') return undefined;
    return result.kind === 'doubtful' ? { kind: 'unreachable', words: result.words } : result;
  }

  /** With a connection, logged in. */
  async #connected(
    signal: AbortSignal,
    work: (connection: Connection) => Promise<MailResult>,
  ): Promise<MailResult> {
    if (signal.aborted) return { kind: 'unreachable', words: 'it was stopped' };
    let connection: Connection;
    try {
      connection = await this.#open();
    } catch (error) {
      return { kind: 'unreachable', words: wordsOf(error) };
    }
    // What comes when nobody waits for it any more is no news.
    connection.on('error', () => {});
    const close = (): void => connection.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      const failure =
        (await step(signal, connection, (done) => connection.connect(done))) ??
        (await this.#logIn(connection, signal));
      if (failure !== undefined) return failure;
      const result = await work(connection);
      if (result.kind === 'sent') connection.quit();
      return result;
    } finally {
      signal.removeEventListener('abort', close);
      // `quit` closes it in its own time.
      setTimeout(close, 1_000).unref();
    }
  }

  async #open(): Promise<Connection> {
    const { host, port, secure, login } = this.#server;
    const { default: SmtpConnection } = await import('nodemailer/lib/smtp-connection');
    const file = this.#authorities;
    const own = file === undefined ? undefined : await readFile(file, 'utf8');
    const ca =
      own === undefined ? undefined : [...(await import('node:tls')).rootCertificates, own];
    return new SmtpConnection({
      host,
      port,
      secure,
      // A password goes to no other machine in the clear.
      requireTLS: !secure && login !== undefined && !loopback.test(host),
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      socketTimeout: silentMs,
      logger: false,
      tls: ca === undefined ? {} : { ca },
    });
  }

  #logIn(connection: Connection, signal: AbortSignal): Promise<MailFailure | undefined> {
    const { login } = this.#server;
    if (login === undefined) return Promise.resolve(undefined);
    return step(signal, connection, (done) => connection.login({ credentials: login }, done));
  }
}

type Connection = InstanceType<typeof import('nodemailer/lib/smtp-connection')['default']>;

/** A step before anything is sent. @returns undefined when it went well */
const step = (
  signal: AbortSignal,
  connection: Connection,
  take: (done: (error?: SmtpFault | null) => void) => void,
): Promise<MailFailure | undefined> =>
  answered<MailFailure | undefined>(signal, connection, {
    stopped: () => ({ kind: 'unreachable', words: 'it was stopped' }),
    closed: () => ({ kind: 'unreachable', words: 'the connection was closed' }),
    fault: failureOf,
    ask: (answer) => take((error) => answer(error ? failureOf(error) : undefined)),
  });

/** Ask, and wait for the first of an answer, a fault, the end of the connection, and being stopped. */
async function answered<T>(
  signal: AbortSignal,
  connection: Connection,
  {
    stopped,
    closed,
    fault,
    ask,
  }: {
    readonly stopped: () => T;
    readonly closed: () => T;
    readonly fault: (error: SmtpFault) => T;
    readonly ask: (answer: (value: T) => void) => void;
  },
): Promise<T> {
  const over = new AbortController();
  const onError = (error: SmtpFault): void => settle(fault(error));
  const onEnd = (): void => settle(closed());
  let settle: (value: T) => void = () => {};
  try {
    return await new Promise<T>((resolve) => {
      settle = resolve;
      const once = { once: true, signal: over.signal };
      signal.addEventListener('abort', () => resolve(stopped()), once);
      connection.once('error', onError);
      connection.once('end', onEnd);
      ask(resolve);
    });
  } finally {
    over.abort();
    connection.off('error', onError);
    connection.off('end', onEnd);
  }
}

async function compose(mail: OutgoingMail): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const last = mail.references.at(-1);
  const composer = new MailComposer({
    from: mail.from,
    to: [...mail.to],
    cc: [...mail.cc],
    subject: mail.subject,
    text: mail.text,
    ...(mail.html === undefined ? {} : { html: mail.html }),
    attachments: mail.attachments.map(({ name, type, content }) => ({
      filename: name,
      contentType: type,
      content: Buffer.from(content),
    })),
    messageId: mail.messageId,
    date: new Date(mail.at),
    ...(last === undefined ? {} : { inReplyTo: last, references: [...mail.references] }),
    // Absence notes and mailing lists do not answer such a mail (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}

/** What nodemailer's errors have. */
interface SmtpFault {
  readonly message?: string | undefined;
  readonly code?: string | undefined;
  readonly responseCode?: number | undefined;
  readonly rejectedErrors?: readonly SmtpFault[] | undefined;
  readonly recipient?: string | undefined;
}

/** @param given all of the mail was with the server when it happened */
function failed(error: SmtpFault, given: boolean): MailResult {
  const each = error.rejectedErrors ?? [];
  if (each.length > 0) return { kind: 'sent', accepted: [], refused: each.map(refusalOf) };
  // An answer is an answer, whenever it comes: it has not taken it.
  if (error.responseCode !== undefined) return failureOf(error);
  return given ? broken(true, wordsOf(error)) : failureOf(error);
}

const broken = (given: boolean, words: string): MailResult =>
  given ? { kind: 'doubtful', words } : { kind: 'unreachable', words };

function failureOf(error: SmtpFault): MailFailure {
  const { code, responseCode = 0 } = error;
  const words = wordsOf(error);
  if (responseCode >= 400 && responseCode < 500) return { kind: 'busy', words };
  if (code === 'EAUTH' || code === 'ENOAUTH') return { kind: 'login_refused', words };
  if (code === 'ETLS' && /STARTTLS/i.test(words)) return { kind: 'unsafe', words };
  if (responseCode >= 500) return { kind: 'refused', words };
  return { kind: 'unreachable', words };
}

const refusalsOf = ({
  rejectedErrors = [],
}: {
  rejectedErrors?: readonly SmtpFault[] | undefined;
}): Refusal[] => rejectedErrors.map(refusalOf);

const refusalOf = (error: SmtpFault): Refusal => ({
  address: error.recipient ?? 'somebody',
  words: wordsOf(error),
  passing: (error.responseCode ?? 0) < 500,
});

/** One line of it, not too long: some servers send a page. */
const wordsOf = (error: unknown): string => {
  const message =
    typeof error === 'object' && error !== null && 'message' in error
      ? String(error.message)
      : String(error);
  return message.replace(/\s+/g, ' ').trim().slice(0, 300);
};
