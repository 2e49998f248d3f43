import { createHash } from 'node:crypto';

/**
 * How much later than scheduled an occurrence is due: always the same for the same one, so that a restart
 * neither repeats nor skips it, and always before the next one.
 * @param gapMs from this occurrence to the next; undefined: there is no next
 * @returns milliseconds, of whole seconds
 */
export function jitterOf(
  jobId: number,
  occurrenceMs: number,
  jitterSeconds: number,
  gapMs: number | undefined,
): number {
  const longest = Math.min(jitterSeconds, gapMs === undefined ? jitterSeconds : gapMs / 1000 - 1);
  if (longest <= 0) return 0;
  const hash = createHash('sha256').update(`${jobId}:${occurrenceMs}`).digest().readUInt32BE();
  return Math.floor((hash / 2 ** 32) * (Math.floor(longest) + 1)) * 1000;
}
