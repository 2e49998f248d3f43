import { join } from 'node:path';

/** Environment of a gateway, or of a Claude CLI, on the fake Messages API, with a home of its own. */
export const scratchEnvironment = (home: string, apiUrl: string): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  LOG_LEVEL: 'error',
  DATABASE_PATH: join(home, 'gateway.db'),
  GATEWAY_SESSION_DIR: join(home, 'sessions'),
  ANTHROPIC_BASE_URL: apiUrl,
  ANTHROPIC_API_KEY: 'sk-ant-test',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLAUDE_CODE_MAX_RETRIES: '2',
  IS_SANDBOX: '1',
});
