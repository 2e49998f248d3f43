import {
  ClaudeError,
  checkVersion,
  claudeEnvironment,
  findClaude,
  loginState,
} from '@mini-claude-bot/claude';
import { effectivePermissionMode } from '../../claude/permission-mode.ts';
import type { Config } from '../../config/config.ts';
import type { Environment } from '../../config/read-environment.ts';
import { withheldNames } from '../../secrets/secrets-of-environment.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

/** The program, its version, its login, and what it may do here. */
export async function checkClaude(config: Config, environment: Environment): Promise<Finding[]> {
  const claudes = claudeEnvironment(environment, withheldNames(environment));
  const mode = checkPermissions(config, claudes);
  try {
    const program = await findClaude(config.CLAUDE_BIN);
    const version = await checkVersion(program, claudes);
    return [
      ok('claude', `Claude Code ${version} (${program})`),
      await checkLogin(program, claudes),
      mode,
    ];
  } catch (error) {
    if (!(error instanceof ClaudeError)) throw error;
    return [notUsable(error, config), mode];
  }
}

/** The message ends with what to do; where that is about CLAUDE_BIN it depends on whether it is set. */
const notUsable = ({ message }: ClaudeError, { CLAUDE_BIN }: Config): Finding =>
  problem(
    'claude',
    message,
    CLAUDE_BIN === undefined
      ? 'Run npm ci again, without --omit=optional: the program comes as an optional package.'
      : 'Correct CLAUDE_BIN, update that program (claude update), or remove CLAUDE_BIN for the bundled one.',
  );

async function checkLogin(program: string, environment: Record<string, string>): Promise<Finding> {
  const state = await loginState(program, environment);
  switch (state.kind) {
    case 'logged_in':
      return ok('login', `Claude is logged in (${state.method}).`);
    case 'logged_out':
      return problem(
        'login',
        'Claude is not logged in: chats get an error for an answer.',
        'npx mini-claude-bot login (or set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN)',
      );
    case 'unknown':
      return warning(
        'login',
        `Whether Claude is logged in could not be found out: ${state.why}.`,
        'Send a message to see: echo hi | npx mini-claude-bot chat',
      );
  }
}

function checkPermissions(config: Config, environment: Record<string, string>): Finding {
  const configured = config.CLAUDE_PERMISSION_MODE;
  const { mode, advice } = effectivePermissionMode(configured, process.getuid?.(), environment);
  if (advice === undefined) return ok('permission_mode', `Claude runs in the mode ${mode}.`);
  return warning(
    'permission_mode',
    `As root, Claude Code refuses ${configured}: it runs in the mode ${mode}, and no commands that need asking.`,
    'Run as an ordinary user (best), or set IS_SANDBOX=1 in a container made for it, or choose ' +
      'CLAUDE_PERMISSION_MODE yourself.',
  );
}
