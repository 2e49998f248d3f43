import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { UserFault } from '../user-fault.ts';

/** Run a program in this terminal, in place of ours. @returns its exit code @throws UserFault when it is not there */
export async function runAttached(program: string, words: readonly string[]): Promise<number> {
  const child = spawn(program, [...words], { stdio: 'inherit' });
  // Ctrl-C is for the program, which ends by it.
  const leave = (): void => {};
  process.on('SIGINT', leave);
  try {
    const [code, signal] = await once(child, 'exit');
    return signal === 'SIGINT' ? 0 : Number(code ?? 1);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserFault(`${program} can't be run: ${why}`);
  } finally {
    process.off('SIGINT', leave);
  }
}
