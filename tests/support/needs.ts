import { spawnSync } from 'node:child_process';

/**
 * Whether these programs are installed, for `test.skipIf(lacks(…))`. In CI nothing is skipped: there it throws,
 * and names what is missing.
 */
export function lacks(...programs: readonly string[]): boolean {
  const missing = programs.filter((program) => spawnSync('which', [program]).status !== 0);
  if (missing.length === 0) return false;
  const words = `not installed: ${missing.join(', ')}`;
  if (process.env.CI === 'true') throw new Error(words);
  console.warn(`skipped: ${words}`);
  return true;
}
