import { existsSync } from 'node:fs';

/**
 * Whether a program that a test needs is there. Without it the test is skipped, which says so here, and which counts
 * as a failure where `CI` is set.
 */
export function has(program: string, what: string): boolean {
  const there = existsSync(program);
  if (!there) console.warn(`Skipped: ${what} needs ${program}, which is not installed.`);
  return there;
}
