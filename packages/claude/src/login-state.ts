import { z } from 'zod';
import { runProgram } from './run-program.ts';

const AuthStatus = z.object({ loggedIn: z.boolean(), authMethod: z.string().default('unknown') });

/** Whether Claude is logged in, and how; `unknown` when the program does not say. */
export type LoginState =
  | { readonly kind: 'logged_in'; readonly method: string }
  | { readonly kind: 'logged_out' }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * Ask the program itself. Reads local files only: no request is made.
 * @param limitMs how long it may take
 */
export async function loginState(
  path: string,
  environment: Readonly<Record<string, string>>,
  limitMs = 15_000,
): Promise<LoginState> {
  // Logged out, it exits with 1 and prints the same form: the exit code tells nothing more.
  const { stdout } = await runProgram(path, ['auth', 'status', '--json'], environment, limitMs);
  const status = AuthStatus.safeParse(parseJson(stdout));
  if (!status.success) return { kind: 'unknown', why: `"${path} auth status" gave no answer` };
  const { loggedIn, authMethod } = status.data;
  return loggedIn ? { kind: 'logged_in', method: authMethod } : { kind: 'logged_out' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
