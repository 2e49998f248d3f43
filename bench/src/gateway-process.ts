import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const startLimitMs = 20_000;
const stopLimitMs = 15_000;

/** How a gateway is run. */
export interface GatewayProgram {
  /** Path of its built `main.js`. */
  readonly program: string;
  /** For Node. */
  readonly flags: readonly string[];
}

/** A gateway in a process of its own. */
export interface GatewayProcess {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process to its first answer. */
  readonly startMs: number;
  stop(): Promise<void>;
}

/**
 * Start a gateway and wait until it answers.
 * @param environment all of it, without HOST and PORT
 * @throws when it ends, or does not answer within 20 s
 */
export async function startGatewayProcess(
  { program, flags }: GatewayProgram,
  environment: Readonly<Record<string, string>>,
): Promise<GatewayProcess> {
  const port = await freePort();
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...flags, program], {
    env: { ...environment, HOST: '127.0.0.1', PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
    // As a service runs, in a session of its own: Linux may share the cores by session.
    detached: true,
  });
  const stop = () => stopProcess(child);
  try {
    await firstAnswer(port, child);
    const startMs = performance.now() - startedAt;
    if (child.pid === undefined) throw new Error('the gateway has no process id');
    return { url: `http://127.0.0.1:${port}`, pid: child.pid, startMs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address.port;
}

async function firstAnswer(port: number, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the gateway ended with code ${child.exitCode}`);
    if (await answers(port)) return;
    await sleep(1);
  }
  throw new Error('the gateway did not answer');
}

/** Until it listens, a try costs it nothing: the system refuses the connection. */
const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const call = request({ host: '127.0.0.1', port, path: '/api/health', agent: false });
    call.on('error', () => resolve(false));
    call.on('response', (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    call.end();
  });

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
  await exited;
  clearTimeout(timer);
}
