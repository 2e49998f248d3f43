import { readlink } from 'node:fs/promises';
import { codeOf, type OpenDirectory } from '../host/files/open-directory.ts';
import { isArchiveName, staysInside } from './manifest.ts';

/** A file that is held open, to be read once. */
export interface FoundFile {
  readonly kind: 'file';
  readonly path: string;
  readonly mode: number;
  /** Bytes, when it was looked at. */
  readonly size: number;
  /** So many bytes at most, from where the last reading ended; none: it is at its end. */
  readonly read: (bytes: number) => Promise<Buffer>;
}

/** What is found in a tree, by its name in the archive. */
export type Found =
  | FoundFile
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'left out'; readonly why: string };

/**
 * All that is in a directory, one after the other, held open meanwhile: what somebody puts in the place of a
 * directory leads nowhere else. Sockets, pipes and devices are passed over; links that lead out are named.
 * @param name of the directory in the archive
 * @param wanted by its name in the directory itself
 */
export async function* collectTree(
  directory: OpenDirectory,
  name: string,
  wanted: (name: string) => boolean = () => true,
): AsyncGenerator<Found> {
  for (const entry of await directory.entries()) {
    if (!wanted(entry.name)) continue;
    const path = `${name}/${entry.name}`;
    if (!isArchiveName(path)) yield { kind: 'left out', why: `${path}: a name that can't be kept` };
    else if (entry.isDirectory()) yield* below(directory, entry.name, path);
    else if (entry.isSymbolicLink()) yield await linkAt(directory, entry.name, path);
    else if (entry.isFile()) yield* fileAt(directory, entry.name, path);
  }
}

async function* below(parent: OpenDirectory, name: string, path: string): AsyncGenerator<Found> {
  let directory: OpenDirectory;
  try {
    directory = await parent.directory(name);
  } catch (error) {
    yield* leftOut(path, error);
    return;
  }
  try {
    yield { kind: 'directory', path };
    yield* collectTree(directory, path);
  } finally {
    await directory.close();
  }
}

async function linkAt(parent: OpenDirectory, name: string, path: string): Promise<Found> {
  const target = await readlink(parent.path(name)).catch(() => '');
  if (staysInside(path, target)) return { kind: 'link', path, target };
  return { kind: 'left out', why: `${path}: a link that leads elsewhere` };
}

async function* fileAt(parent: OpenDirectory, name: string, path: string): AsyncGenerator<Found> {
  const file = await parent.file(name).catch((error: unknown) => error);
  if (file === undefined) return;
  if (file instanceof Error || !isHandle(file)) {
    yield* leftOut(path, file);
    return;
  }
  try {
    const { size, mode } = await file.stat();
    const read = async (bytes: number): Promise<Buffer> => {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(bytes), 0, bytes, null);
      return buffer.subarray(0, bytesRead);
    };
    yield { kind: 'file', path, mode: mode & 0o700, size, read };
  } finally {
    await file.close();
  }
}

type Handle = NonNullable<Awaited<ReturnType<OpenDirectory['file']>>>;
const isHandle = (value: unknown): value is Handle =>
  typeof value === 'object' && value !== null && 'read' in value && 'stat' in value;

/** What went away meanwhile is nobody's loss. */
function* leftOut(path: string, error: unknown): Generator<Found> {
  const code = codeOf(error);
  if (code === 'ENOENT') return;
  yield { kind: 'left out', why: `${path}: it can't be read (${code ?? String(error)})` };
}
