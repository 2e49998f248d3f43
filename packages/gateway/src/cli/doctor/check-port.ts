import { createServer } from 'node:net';
import { createClient } from '@mini-claude-bot/client';
import { GatewayError, operations } from '@mini-claude-bot/contract';
import { listeningAddress } from '../gateway-address.ts';
import { type Finding, ok, problem, warning, wordsOf } from './finding.ts';

const answerMs = 3_000;

/** The place to listen, and who holds the database of the same configuration. */
export interface PortSituation {
  readonly host: string;
  readonly port: number;
  readonly databasePath: string;
  /** A process, or undefined when nobody does. */
  readonly holder: string | undefined;
}

/** Whether the port is free, or a gateway's; and whether a gateway that runs can be reached there. */
export async function checkPort(situation: PortSituation): Promise<Finding[]> {
  const { host, port, holder } = situation;
  const url = listeningAddress(host, port);
  const fault = port === 0 ? undefined : await tryToListen(host, port);
  const gateway = fault?.code === 'EADDRINUSE' && (await answersAsGateway(url));
  if (gateway) return [ok('port', `A gateway answers at ${url}.`), ...strangeGateway(situation)];
  const findings = [fault === undefined ? free(port) : taken(fault, situation)];
  return holder === undefined ? findings : [...findings, heldElsewhere(situation)];
}

const free = (port: number): Finding =>
  ok('port', port === 0 ? 'Any free port is taken (PORT=0).' : `Port ${port} is free.`);

interface ListenFault {
  readonly code: string | undefined;
  readonly words: string;
}

function tryToListen(host: string, port: number): Promise<ListenFault | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ code: error.code, words: wordsOf(error) }),
    );
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

const asksForToken = /mini-claude-bot token create/;

async function answersAsGateway(url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(answerMs);
    await createClient({ baseUrl: url }).call(operations.health, {}, signal);
    return true;
  } catch (error) {
    // One that asks for a token says so in its own way. What else listens there is not for us.
    return error instanceof GatewayError && asksForToken.test(error.message);
  }
}

function taken({ code, words }: ListenFault, { host, port }: PortSituation): Finding {
  if (code === 'EADDRINUSE') {
    return problem(
      'port',
      `Port ${port} is in use by another program.`,
      `Stop that program (find it with: lsof -i :${port}), or choose another port with PORT.`,
    );
  }
  if (code === 'EACCES') {
    return problem('port', `Port ${port} may not be used.`, 'Choose one above 1023 with PORT.');
  }
  return problem(
    'port',
    `It can't be listened on ${host}, port ${port}: ${words}`,
    'Set HOST to an address of this machine itself, such as 127.0.0.1.',
  );
}

const strangeGateway = ({ holder, databasePath }: PortSituation): Finding[] =>
  holder === undefined
    ? [
        warning(
          'database_holder',
          `That gateway does not use the database of this configuration (${databasePath}).`,
          'Stop it first, or choose another port with PORT, if you want to start one here.',
        ),
      ]
    : [ok('database_holder', `The database is in use by process ${holder}, the gateway's.`)];

const heldElsewhere = ({ holder, databasePath, host, port }: PortSituation): Finding =>
  warning(
    'database_holder',
    `The database ${databasePath} is in use by process ${holder}, which does not answer at ` +
      `${listeningAddress(host, port)}.`,
    'Stop that gateway before you start one here, or name another file with DATABASE_PATH.',
  );
