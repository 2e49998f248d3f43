import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of a test's own, so small that it can be filled. */
export interface SmallDisk {
  readonly path: string;
  /** Take all the room that is left. */
  readonly fill: () => void;
  /** Give back what {@link fill} took. */
  readonly makeRoom: () => void;
  /** Make the disk itself larger, in megabytes. */
  readonly grow: (size: number) => void;
  readonly unmount: () => void;
}

const megabytes = 4;

/** What the operating system calls a full disk. */
const isFull = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOSPC';

export function mountSmallDisk(): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'mcb-disk-'));
  try {
    mount(path, `size=${megabytes}m`);
  } catch (error) {
    rmdirSync(path);
    throw error;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: () => fillWith(ballast),
    makeRoom: () => rmSync(ballast),
    grow: (size) => mount(path, `remount,size=${size}m`),
    unmount: () => {
      // Lazily: a process of the test that is being killed may still have a file open.
      execFileSync('umount', ['-l', path]);
      rmdirSync(path);
    },
  };
}

/** Why no small disk can be had here, or undefined where it can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux mounts a tmpfs';
  if (process.getuid?.() !== 0) return 'only root may mount a tmpfs';
  try {
    mountSmallDisk().unmount();
    return undefined;
  } catch {
    return 'this system does not permit mounting, as in most containers';
  }
}

const mount = (path: string, options: string): void =>
  void execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path], { stdio: 'pipe' });

/** In pieces of half a page: a file of any size is then the last that found room. */
function fillWith(file: string): void {
  const piece = Buffer.alloc(2048, 'x');
  const ballast = openSync(file, 'a');
  try {
    for (;;) writeSync(ballast, piece);
  } catch (error) {
    if (!isFull(error)) throw error;
  } finally {
    closeSync(ballast);
  }
}
