import { userInfo } from 'node:os';
import type { Environment } from '../../config/read-environment.ts';

/** Accounts of services have one of these: it runs nothing. */
const noShell = /\/(nologin|false|true|sync)$/;

/** The shell of the user that the gateway runs as: as the environment says, else the system. */
export function userShell(environment: Environment): string {
  const candidates = [environment.SHELL, shellOfAccount()];
  return candidates.find((shell) => shell?.startsWith('/') && !noShell.test(shell)) ?? '/bin/sh';
}

function shellOfAccount(): string | undefined {
  try {
    return userInfo().shell ?? undefined;
  } catch {
    // A user that the system has no name for, as in some containers.
    return undefined;
  }
}
