import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@mini-claude-bot/client';
import { startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import { z } from 'zod';
import { type Gateway, startGateway } from '../app.ts';
import { type Config, ConfigError, loadConfig } from '../config/config.ts';
import type { Environment } from '../config/read-environment.ts';
import { createLogger } from '../host/logger.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { demoEnvironment } from './demo-environment.ts';
import { createDemoScript } from './demo-script.ts';
import { seedChats, seededChats } from './seed-chats.ts';
import { seedRest } from './seed-rest.ts';
import { whatToTry } from './what-to-try.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const complain = (text: string): void => void process.stderr.write(`${text}\n`);

/**
 * Run the whole system on a stand-in for Anthropic's API, with a home of its own that is removed at the
 * end, until Ctrl-C.
 * @returns the exit code: 0 ended as asked, 1 could not run, 2 a bad value
 */
export async function runDemo(owner: Environment): Promise<number> {
  const asked = endRequested();
  const home = mkdtempSync(join(tmpdir(), 'mini-claude-bot-demo-'));
  let seeding = true;
  const fake = await startFakeAnthropic({ script: createDemoScript(() => seeding) });
  try {
    const environment = demoEnvironment(owner, home, fake.url);
    const config = loadConfig(environment);
    const gateway = await listen(config, environment);
    try {
      say(`The demo's gateway listens on ${gateway.url}; a few chats are being made …`);
      const client = createClient({ baseUrl: gateway.url });
      await seedChats(client, seededChats, asked);
      await seedRest(client, asked);
      seeding = false;
      say(whatToTry(gateway.url));
      if (!asked.aborted) await once(asked, 'abort');
    } catch (error) {
      if (!asked.aborted) throw error;
    } finally {
      await gateway.close(0);
    }
    return 0;
  } catch (error) {
    return explain(error);
  } finally {
    await fake.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** What the demo could not do, in words for the one who started it. */
class DemoFault extends Error {}

function explain(error: unknown): number {
  if (!(error instanceof ConfigError || error instanceof DemoFault)) throw error;
  complain(error.message);
  return error instanceof ConfigError ? 2 : 1;
}

const SystemError = z.object({ code: z.enum(['EADDRINUSE', 'EACCES']) });

async function listen(config: Config, environment: Environment): Promise<Gateway> {
  try {
    const secrets = new KnownSecrets();
    const logger = createLogger(config.LOG_LEVEL, secrets);
    return await startGateway({ config, environment, logger, secrets });
  } catch (error) {
    const code = SystemError.safeParse(error).data?.code;
    if (code === undefined) throw error;
    const why = code === 'EADDRINUSE' ? 'is in use already' : 'may not be used';
    throw new DemoFault(
      `Port ${config.PORT} ${why}. Choose another, for instance: PORT=8001 npm run demo`,
    );
  }
}

/**
 * Aborts with the first signal that asks for the end. Later ones are passed over: ending takes a few
 * seconds at most, and ending at once would leave Claude's processes behind.
 */
function endRequested(): AbortSignal {
  const controller = new AbortController();
  const end = (): void => {
    if (controller.signal.aborted) return;
    controller.abort();
    say('Ending the demo …');
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, end);
  return controller.signal;
}
