import {
  ClaudeError,
  checkVersion,
  claudeEnvironment,
  findClaude,
  isAtLeast,
} from '@mini-claude-bot/claude';
import { effectivePermissionMode } from '../../../claude/permission-mode.ts';
import type { Config } from '../../../config/config.ts';
import type { Environment } from '../../../config/read-environment.ts';
import { withheldNames } from '../../../secrets/secrets-of-environment.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';

/**
 * What a chat can do here through Claude.
 * @param user the id of the user that the gateway runs as
 */
export async function checkClaudeRights(
  config: Config,
  environment: Environment,
  user: number,
): Promise<Finding[]> {
  const claudes = claudeEnvironment(environment, withheldNames(environment));
  const { mode } = effectivePermissionMode(config.CLAUDE_PERMISSION_MODE, user, claudes);
  return [
    checkMode(mode),
    ...(user === 0 ? [asRoot(claudes.IS_SANDBOX === '1')] : []),
    ...checkSettings(config, mode),
    await checkProgram(config, claudes),
  ];
}

const checkMode = (mode: string): Finding =>
  mode === 'bypassPermissions'
    ? warning(
        'permission_mode',
        'Claude does unasked whatever your user can (bypassPermissions): everybody who writes to a bot can.',
        'Give the gateway a user or a container of its own, or set CLAUDE_PERMISSION_MODE=acceptEdits.',
      )
    : ok('permission_mode', `Claude runs in the mode ${mode}.`);

const asRoot = (sandbox: boolean): Finding =>
  (sandbox ? warning : problem)(
    'root',
    `The gateway runs as root${sandbox ? ', on a machine that is said to be a sandbox (IS_SANDBOX=1)' : ''}: ` +
      'so does Claude.',
    'Run it as an ordinary user.',
  );

/** In bypassPermissions there is nothing that a setting could add. */
function checkSettings({ CLAUDE_SETTING_SOURCES }: Config, mode: string): Finding[] {
  const own = CLAUDE_SETTING_SOURCES.filter((source) => source !== 'user');
  if (own.length === 0 || mode === 'bypassPermissions') return [];
  return [
    warning(
      'setting_sources',
      `Settings in a chat's directory count (${own.join(', ')}), and Claude can write them: with ` +
        '.claude/settings.json it could allow itself more than CLAUDE_PERMISSION_MODE says.',
      'CLAUDE_SETTING_SOURCES=user',
    ),
  ];
}

async function checkProgram(config: Config, environment: Record<string, string>): Promise<Finding> {
  try {
    const program = await findClaude(config.CLAUDE_BIN);
    const version = await checkVersion(program, environment);
    const bundled = await bundledVersion(environment);
    if (bundled === undefined || isAtLeast(version, bundled)) {
      return ok('claude_version', `Claude Code ${version} is as new as this program expects.`);
    }
    return warning(
      'claude_version',
      `Claude Code ${version} (${program}) is older than the one that this program was made with (${bundled}).`,
      'Update it (claude update), or remove CLAUDE_BIN.',
    );
  } catch (error) {
    if (!(error instanceof ClaudeError)) throw error;
    return problem('claude_version', error.message, 'See: mini-claude-bot doctor');
  }
}

const bundledVersion = (environment: Record<string, string>): Promise<string | undefined> =>
  findClaude(undefined)
    .then((program) => checkVersion(program, environment))
    .catch(() => undefined);
