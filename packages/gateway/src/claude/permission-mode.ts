import type { Config } from '../config/config.ts';

export type PermissionMode = Config['CLAUDE_PERMISSION_MODE'];

/** The mode that Claude will run in, and what the owner should be told when it is not the one configured. */
export interface EffectiveMode {
  readonly mode: PermissionMode;
  readonly advice?: string;
}

/**
 * Claude Code refuses `bypassPermissions` as root, unless the machine is declared to be a sandbox. The
 * nearest mode that it takes as root lets it work on files of the chat's own directory.
 * @param userId of this process; undefined where the system has none
 */
export function effectivePermissionMode(
  configured: PermissionMode,
  userId: number | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): EffectiveMode {
  const refused =
    userId === 0 && environment.IS_SANDBOX !== '1' && configured === 'bypassPermissions';
  if (!refused) return { mode: configured };
  return {
    mode: 'acceptEdits',
    advice:
      'Running as root, where Claude Code refuses bypassPermissions: acceptEdits is used instead. Claude can ' +
      "read and edit files in a chat's directory, but runs no commands that would need asking. To choose: run " +
      'as an ordinary user (best), or set IS_SANDBOX=1 if this machine is a container made for it, or set ' +
      'CLAUDE_PERMISSION_MODE to the mode you want.',
  };
}
