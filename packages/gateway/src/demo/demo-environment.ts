import { join } from 'node:path';
import type { Environment } from '../config/read-environment.ts';

/** What of the owner's environment the demo goes by. */
const taken = ['PATH', 'LANG', 'LC_ALL', 'TZ', 'PORT', 'CLAUDE_BIN', 'LOG_LEVEL'];

/**
 * The environment of the demo's gateway and of its Claude. Everything that is written lies below `home`,
 * and nothing of the owner's is inherited that could lead elsewhere: no login, no proxy, no settings.
 */
export function demoEnvironment(owner: Environment, home: string, apiUrl: string): Environment {
  const inherited = Object.entries(owner).filter(([name]) => taken.includes(name));
  return {
    LOG_LEVEL: 'warn',
    ...Object.fromEntries(inherited),
    HOME: home,
    TMPDIR: home,
    HOST: '127.0.0.1',
    DATABASE_PATH: join(home, 'gateway.db'),
    GATEWAY_SESSION_DIR: join(home, 'sessions'),
    METRICS_CACHE_PATH: join(home, 'metrics-cache.json'),
    METRICS_PRICES_PATH: join(home, 'prices.json'),
    // An embedding server that its owner has is not the demo's.
    EMBEDDINGS_PROVIDER: 'none',
    // Each takes about 250 MB, and a demo runs on small machines too.
    GATEWAY_MAX_WARM_SESSIONS: '3',
    CLAUDE_CONFIG_DIR: join(home, '.claude'),
    ANTHROPIC_BASE_URL: apiUrl,
    ANTHROPIC_API_KEY: 'sk-ant-demo',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    CLAUDE_CODE_MAX_RETRIES: '2',
    // As root the CLI refuses to run commands elsewhere; here only scripted ones can come.
    IS_SANDBOX: '1',
  };
}
