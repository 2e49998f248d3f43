import { userInfo } from 'node:os';

/** Who gives a command, as the audit names them: `cli:ada`. */
export function cliCaller(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // A container may run as a user that nobody has named.
    return `cli:${process.getuid?.() ?? 'unknown'}`;
  }
}
