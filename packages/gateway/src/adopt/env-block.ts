import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { replaceFile } from '../config/env-file.ts';

const begin = '# Taken over by "mini-claude-bot adopt" from ';
const end = '# End of what was taken over.';

/** Lines for a `.env` file, between two marks. @param from the file that they come from */
export const envBlock = (from: string, lines: readonly string[]): string =>
  [`${begin}${from}`, ...lines, end, ''].join('\n');

/** By which a block is known again. */
export const blockDigest = (block: string): string =>
  createHash('sha256').update(block).digest('hex');

/** Put a block at the end of a `.env` file, which is made where it is missing, for its owner alone. */
export function appendBlock(path: string, block: string): void {
  const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const gap = before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  replaceFile(path, `${before}${gap}${block}`);
}

/** `left`: it was changed since, or is not there any more. */
export type RemovedBlock = 'removed' | 'left';

/** Take the lines out again, unless they were changed. A file that holds nothing else is removed. */
export function removeBlock(path: string, expected: string): RemovedBlock {
  if (!existsSync(path)) return 'left';
  const text = readFileSync(path, 'utf8');
  const first = text.lastIndexOf(begin);
  const last = text.indexOf(end, first);
  if (first < 0 || last < 0) return 'left';
  const block = text.slice(first, last + end.length + 1);
  if (blockDigest(block) !== expected) return 'left';
  const rest = text.slice(0, first).replace(/\n\n$/, '\n') + text.slice(first + block.length);
  if (rest.trim() === '') rmSync(path);
  else replaceFile(path, rest);
  return 'removed';
}
