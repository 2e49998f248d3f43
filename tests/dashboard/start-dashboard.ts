import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDashboard } from '../../scripts/build-dashboard.mjs';

/** The dashboard as `npm run dashboard` runs it: built, in a process of its own. */
export interface TestDashboard {
  readonly url: string;
  /** A directory of its own. */
  readonly home: string;
  /** Its file, where it has one. */
  readonly file: string;
  /** What it has said so far. */
  readonly said: () => string;
  readonly stop: () => Promise<void>;
}

const script = fileURLToPath(new URL('../../scripts/dashboard.mjs', import.meta.url));

/** @param environment over one with nothing in it but a file and a port */
export async function startDashboard(
  environment: Readonly<Record<string, string>>,
): Promise<TestDashboard> {
  await buildDashboard(() => {});
  const home = await mkdtemp(join(tmpdir(), 'mcb-dashboard-'));
  const file = join(home, 'data', 'dashboard.json');
  const child = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      PORT: '0',
      DASHBOARD_FILE: file,
      ...environment,
    },
  });
  const exited = once(child, 'exit');
  let said = '';
  const listening = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const url = /Local:\s+(http:\S+)/.exec(said)?.[1];
        if (url !== undefined && said.includes('Ready')) resolve(url);
      });
    }
  });
  const url = await Promise.race([
    listening,
    exited.then(() => Promise.reject(new Error(`the dashboard ended: ${said}`))),
  ]);
  return {
    url,
    home,
    file,
    said: () => said,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Send a body to it as the gateway would. */
export async function push(
  { url }: Pick<TestDashboard, 'url'>,
  body: unknown,
  secret: string | undefined,
): Promise<{ status: number; body: unknown; retryAfter: string | null }> {
  const response = await fetch(`${url}/api/push`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return {
    status: response.status,
    body: await response.json(),
    retryAfter: response.headers.get('retry-after'),
  };
}
