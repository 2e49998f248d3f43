import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** What a server has taken. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly source: string;
  readonly secure: boolean;
  readonly user: string | undefined;
}

export interface TestSmtpServer {
  readonly port: number;
  readonly taken: readonly TakenMail[];
  /** What it does with the next ones; without more, it takes all. */
  readonly next: (...deeds: Deed[]) => void;
  readonly close: () => Promise<void>;
}

/** `cut_before`: the connection ends while the mail is given. `cut_after`: it is taken, and nobody is told. */
export type Deed =
  | { readonly kind: 'take' | 'cut_before' | 'cut_after' }
  | { readonly kind: 'refuse_mail' | 'refuse_sender'; readonly code: number }
  | { readonly kind: 'refuse_recipient'; readonly address: string; readonly code: number };

const reply = (code: number): Error =>
  Object.assign(new Error('not this one'), { responseCode: code });

/** A real SMTP server on loopback that does what it is told to. */
export async function startTestSmtp(options: SMTPServerOptions = {}): Promise<TestSmtpServer> {
  const taken: TakenMail[] = [];
  const deeds: Deed[] = [];
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    ...options,
    onMailFrom(_address, _session, done) {
      const [deed] = deeds;
      if (deed?.kind !== 'refuse_sender') return done();
      deeds.shift();
      done(reply(deed.code));
    },
    onRcptTo({ address }, _session, done) {
      const [deed] = deeds;
      if (deed?.kind === 'refuse_recipient' && deed.address === address) {
        deeds.shift();
        return done(reply(deed.code));
      }
      done();
    },
    onData(stream, session, done) {
      const deed = deeds.shift() ?? { kind: 'take' };
      const connection = [...server.connections].find(({ session: each }) => each === session);
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      if (deed.kind === 'cut_before') {
        connection?._socket.destroy();
        return;
      }
      stream.on('end', () => {
        if (deed.kind === 'refuse_mail') return done(reply(deed.code));
        const { mailFrom, rcptTo } = session.envelope;
        taken.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString('utf8'),
          secure: session.secure,
          user: session.user,
        });
        if (deed.kind === 'cut_after') connection?._socket.destroy();
        else done();
      });
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  return { port, taken, next: (...more) => void deeds.push(...more), close };
}
