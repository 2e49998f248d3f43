import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@mini-claude-bot/client';
import {
  type FakeAnthropic,
  type Script,
  startFakeAnthropic,
} from '@mini-claude-bot/fake-anthropic';
import {
  type Clock,
  createLogger,
  KnownSecrets,
  loadConfig,
  secretsOf,
  startGateway,
} from 'mini-claude-bot';

/** A gateway of a test's own: scratch directories, the real Claude CLI, the fake Messages API. */
export interface TestGateway {
  readonly url: string;
  readonly client: Client;
  readonly fake: FakeAnthropic;
  /** Ids of the operations that are served. */
  readonly bound: ReadonlySet<string>;
  /** Everything that it writes is in here. */
  readonly home: string;
  /** Send a body as it is, and see what comes back. */
  readonly post: (path: string, body?: unknown) => Promise<{ status: number; body: unknown }>;
  readonly get: (path: string) => Promise<{ status: number; body: unknown }>;
  /** End it and start it again on the same files, with changes to its environment. */
  readonly restart: (
    env?: Readonly<Record<string, string>>,
    whileDown?: () => Promise<unknown>,
  ) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface TestGatewayOptions {
  /** Over the usual environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The same, where it depends on the home. */
  readonly environmentOf?: (home: string) => Readonly<Record<string, string>>;
  readonly clock?: Clock;
  /** Bytes of memory that are free. */
  readonly freeMemory?: () => Promise<number>;
  /** What the model says; unset: what the markers in a prompt say. */
  readonly script?: Script;
  /** Where the built page is. */
  readonly pageDirectory?: string;
}

/** Environment of a gateway on the fake Messages API, with a home of its own. */
export const testEnvironment = (home: string, apiUrl: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'silent',
  DATABASE_PATH: join(home, 'gateway.db'),
  // A test that wants vectors brings its own server: never that of the machine.
  EMBEDDINGS_PROVIDER: 'none',
  GATEWAY_SESSION_DIR: join(home, 'sessions'),
  GATEWAY_ARCHIVE_DIR: join(home, '.claude-gateway-archives'),
  BACKUP_DIR: join(home, 'backups'),
  HARNESS_ALLOWED_DIRS: join(home, 'projects'),
  HARNESS_CHAIN_DELAY: '0',
  HARNESS_MEMORY_FILE: join(home, 'memory.md'),
  NIRMANA_DIR: join(home, 'nirmana'),
  AWAY_WORKTREE_DIR: join(home, 'worktrees'),
  AWAY_REPOS_FILE: join(home, 'away-repos.json'),
  NIRMANA_PERSONA_FILE: join(home, 'persona.md'),
  REPORTS_CONFIG_DIR: join(home, 'reports'),
  REPORTS_DIR: join(home, 'finished-reports'),
  METRICS_CACHE_PATH: join(home, '.mini-claude-bot', 'metrics-cache.json'),
  METRICS_PRICES_PATH: join(home, '.mini-claude-bot', 'prices.json'),
  ANTHROPIC_BASE_URL: apiUrl,
  ANTHROPIC_API_KEY: 'sk-ant-test',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLAUDE_CODE_MAX_RETRIES: '2',
  IS_SANDBOX: '1',
});

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const home = await mkdtemp(join(tmpdir(), 'mcb-test-'));
  const fake = await startFakeAnthropic(
    options.script === undefined ? {} : { script: options.script },
  );
  const start = (env: Readonly<Record<string, string>> = {}) => {
    const usual = { ...testEnvironment(home, fake.url), ...options.environmentOf?.(home) };
    const environment = { ...usual, ...options.env, ...env };
    const config = loadConfig(environment);
    const secrets = new KnownSecrets(secretsOf(environment));
    return startGateway({
      config,
      environment,
      logger: createLogger(config.LOG_LEVEL, secrets),
      secrets,
      ...(options.clock === undefined ? {} : { clock: options.clock }),
      ...(options.freeMemory === undefined ? {} : { freeMemory: options.freeMemory }),
      ...(options.pageDirectory === undefined ? {} : { pageDirectory: options.pageDirectory }),
    });
  };
  let gateway = await start();
  const request = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(gateway.url + path, {
      method,
      ...(body === undefined
        ? {}
        : {
            headers: { 'content-type': 'application/json' },
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
    };
  };
  return {
    get url() {
      return gateway.url;
    },
    get client() {
      return createClient({ baseUrl: gateway.url });
    },
    fake,
    bound: gateway.bound,
    home,
    post: (path, body) => request('POST', path, body),
    get: (path) => request('GET', path),
    restart: async (env, whileDown) => {
      await gateway.close(0);
      await whileDown?.();
      gateway = await start(env);
    },
    stop: async () => {
      await gateway.close(0);
      await fake.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
