import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { testEnvironment } from '../support/test-gateway.ts';

/** The header by which a request of Claude's tells which start of the gateway it belongs to. */
export const generationHeader = 'x-crash-generation';

/** The same in the environment of a process. */
export const generationSetting = (generation: number): string =>
  `ANTHROPIC_CUSTOM_HEADERS=${generationHeader}: ${generation}`;

/** What each start of the gateway has in common with the others. */
export interface Site {
  /** The program: the bundle of the gateway. */
  readonly main: string;
  readonly home: string;
  /** The same after each start, as a bot's GATEWAY_URL is. */
  readonly port: number;
  readonly apiUrl: string;
  /** Where what the gateway prints is added to. */
  readonly log: string;
}

/** One start of the gateway. */
export interface GatewayUnderTest {
  readonly generation: number;
  readonly child: ChildProcess;
  /** Resolves when it says that it listens; rejects when it ends before. */
  readonly ready: Promise<void>;
  readonly exited: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly kill: () => Promise<void>;
}

export function startGateway(site: Site, generation: number): GatewayUnderTest {
  const [name, value] = splitOnce(generationSetting(generation));
  const child = spawn(process.execPath, [site.main], {
    cwd: site.home,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...testEnvironment(site.home, site.apiUrl),
      [name]: value,
      PORT: String(site.port),
      LOG_LEVEL: 'info',
      GATEWAY_MAX_CLAUDE_PROCESSES: '3',
      // The machine's other work must not make the gateway refuse a message.
      GATEWAY_MIN_FREE_MB: '0',
    },
  });
  const log = createWriteStream(site.log, { flags: 'a' });
  log.write(`--- start ${generation}, process ${child.pid}\n`);
  child.stderr.pipe(log, { end: false });
  const exited = once(child, 'exit').then(([code, signal]) => {
    log.end(`--- start ${generation} ended: ${code ?? signal}\n`);
    return { code, signal };
  });
  const listening = new Promise<void>((resolve) => {
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (!log.writableEnded) log.write(text);
      if (printed.includes('listens on')) resolve();
    });
  });
  const ready = Promise.race([
    listening,
    exited.then(({ code, signal }) =>
      Promise.reject(new Error(`start ${generation} ended before it listened: ${code ?? signal}`)),
    ),
  ]);
  ready.catch(() => {});
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  return { generation, child, ready, exited, kill };
}

const splitOnce = (setting: string): [string, string] => {
  const at = setting.indexOf('=');
  return [setting.slice(0, at), setting.slice(at + 1)];
};

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  server.close();
  await once(server, 'close');
  return port;
}

export const databaseOf = ({ home }: Pick<Site, 'home'>): string => join(home, 'gateway.db');
