import { once } from 'node:events';
import { loginState } from '@mini-claude-bot/claude';
import { z } from 'zod';
import { type Gateway, startGateway } from '../app.ts';
import { effectivePermissionMode } from '../claude/permission-mode.ts';
import { type Config, ConfigError, loadConfig } from '../config/config.ts';
import { type Environment, readEnvironment } from '../config/read-environment.ts';
import { DatabaseError, isUnwritable, wordsOf } from '../db/database.ts';
import { createLogger } from '../host/logger.ts';
import { version } from '../host/version.ts';
import { KeyFileError } from '../secrets/key-file.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { secretsOf } from '../secrets/secrets-of-environment.ts';

/** Exit codes: 0 stopped as asked, 1 could not serve, 2 the configuration is wrong. */
export type ExitCode = 0 | 1 | 2;

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * Run a gateway until the process is asked to stop.
 * @param envFile path of the `.env` file
 */
export async function serve(processEnvironment: Environment, envFile: string): Promise<ExitCode> {
  const asked = stopRequested();
  // What can't be said, such as into a file on a full disk, is no reason to end.
  for (const output of [process.stdout, process.stderr])
    output.removeAllListeners('error').on('error', () => {});
  let config: Config;
  let environment: Environment;
  try {
    environment = readEnvironment(processEnvironment, envFile);
    config = loadConfig(environment);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    complain(error.message);
    return 2;
  }
  const secrets = new KnownSecrets(secretsOf(environment));
  try {
    const logger = createLogger(config.LOG_LEVEL, secrets);
    const gateway = await startGateway({
      config,
      environment,
      ofProcess: processEnvironment,
      logger,
      secrets,
    });
    say(`mini-claude-bot ${version} listens on ${gateway.url}`);
    void report(gateway, config);
    await asked;
    const grace = config.GATEWAY_SHUTDOWN_GRACE;
    say(`Stopping: running turns have ${grace} s to end. Once more to stop at once.`);
    return await stop(gateway, grace * 1000);
  } catch (error) {
    complain(secrets.hide(startFault(error, config)));
    return error instanceof ConfigError ? 2 : 1;
  }
}

async function stop(gateway: Gateway, graceMs: number): Promise<ExitCode> {
  try {
    await gateway.close(graceMs);
    return 0;
  } catch (error) {
    complain(`The gateway stopped, but not all of it in order: ${wordsOf(error)}`);
    return 1;
  }
}

/** The first signal asks; a second one ends the process at once, in the usual way. */
async function stopRequested(): Promise<void> {
  const heard = new AbortController();
  const { signal } = heard;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  heard.abort();
}

/** Tell the owner what they should know of Claude here. It must not hold up the start. */
async function report({ claude }: Gateway, config: Config): Promise<void> {
  const { advice } = effectivePermissionMode(
    config.CLAUDE_PERMISSION_MODE,
    process.getuid?.(),
    claude.environment,
  );
  if (advice !== undefined) say(advice);
  try {
    const executable = await claude.executable();
    const login = await loginState(executable, { ...claude.environment });
    say(loginLine(login.kind === 'logged_in' ? login.method : login.kind));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
  }
}

function loginLine(state: string): string {
  if (state === 'logged_out') {
    return 'Claude is NOT logged in: chats will get an error. Log in with: npx mini-claude-bot login';
  }
  if (state === 'unknown')
    return 'Whether Claude is logged in could not be found out; try: npx mini-claude-bot doctor';
  return `Claude is logged in (${state}).`;
}

const SystemError = z.object({ code: z.string() });

function startFault(error: unknown, { HOST, PORT, DATABASE_PATH }: Config): string {
  const code = SystemError.safeParse(error).data?.code;
  if (code === 'EADDRINUSE') {
    return `Port ${PORT} is in use already. Stop what listens there, or choose another with PORT.`;
  }
  if (code === 'EACCES') return `Port ${PORT} may not be used. Choose another with PORT.`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `HOST: ${JSON.stringify(HOST)} is not an address of this machine.`;
  }
  const told = [DatabaseError, ConfigError, KeyFileError];
  if (error instanceof Error && told.some((kind) => error instanceof kind)) return error.message;
  if (isUnwritable(error))
    return `The database ${DATABASE_PATH} can't be written: ${wordsOf(error)}.`;
  return `The gateway could not start: ${error instanceof Error ? error.message : String(error)}`;
}
