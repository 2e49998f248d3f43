import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleState } from '@mini-claude-bot/dashboard/sample';

/** A dashboard that is served, as its users would have it. */
export interface SampleDashboard {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** The dashboard on a port of its own, with the figures of a year. */
export async function startSampleDashboard(): Promise<SampleDashboard> {
  const directory = await mkdtemp(join(tmpdir(), 'mcb-dashboard-'));
  const file = join(directory, 'dashboard.json');
  await writeFile(file, JSON.stringify(sampleState(Date.now())));
  const child = spawn(process.execPath, ['scripts/dashboard.mjs'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, PORT: '0', HOST: '127.0.0.1', DASHBOARD_FILE: file },
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    await rm(directory, { recursive: true, force: true });
  };
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /Local:\s+(http:\S+)/.exec(said)?.[1];
      if (found !== undefined && said.includes('Ready')) resolve(found);
    });
    child.once('exit', () => reject(new Error(`the dashboard ended: ${said}`)));
  }).catch(async (error: unknown) => {
    await rm(directory, { recursive: true, force: true });
    throw error;
  });
  return { url, stop };
}
