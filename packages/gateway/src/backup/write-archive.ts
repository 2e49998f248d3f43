import { createHash } from 'node:crypto';
import { Header, Pax } from 'tar';
import type { Found, FoundFile } from './collect-tree.ts';
import { type Entry, type FileEntry, manifestName } from './manifest.ts';

const block = 512;
const piece = 256 * 1024;
/** How many things that were left out are named. */
const mostNamed = 1000;

/** What went into an archive. */
export interface Contents {
  readonly entries: Entry[];
  readonly leftOut: string[];
}

/**
 * The bytes of a tar archive (POSIX.1-2001, pax) with those things in it, and last a manifest made of what was
 * really written.
 * @param manifest makes its text
 */
export async function* archiveBytes(
  found: AsyncIterable<Found>,
  madeAt: Date,
  manifest: (contents: Contents) => string,
): AsyncGenerator<Buffer> {
  const contents: Contents = { entries: [], leftOut: [] };
  for await (const thing of found) {
    if (thing.kind === 'file') contents.entries.push(yield* fileBytes(thing, madeAt, contents));
    else if (thing.kind !== 'left out') contents.entries.push(thing);
    else if (contents.leftOut.length < mostNamed) contents.leftOut.push(thing.why);
  }
  const text = Buffer.from(manifest(contents));
  yield headerOf(manifestName, text.length, 0o600, madeAt);
  yield text;
  yield padding(text.length);
  yield Buffer.alloc(2 * block);
}

/** What is added to a file meanwhile is not in it; where it becomes shorter, zeros stand for the rest. */
async function* fileBytes(
  file: FoundFile,
  madeAt: Date,
  contents: Contents,
): AsyncGenerator<Buffer, FileEntry> {
  const { path, mode, size, read } = file;
  yield headerOf(path, size, mode, madeAt);
  const hash = createHash('sha256');
  for (let left = size; left > 0; ) {
    let bytes = await read(Math.min(piece, left));
    if (bytes.length === 0) {
      contents.leftOut.push(`${path}: it became shorter meanwhile, and ends with zeros here`);
      bytes = Buffer.alloc(left);
    }
    hash.update(bytes);
    yield bytes;
    left -= bytes.length;
  }
  yield padding(size);
  return { kind: 'file', path, size, sha256: hash.digest('hex'), mode };
}

const padding = (size: number): Buffer => Buffer.alloc((block - (size % block)) % block);

function headerOf(path: string, size: number, mode: number, mtime: Date): Buffer {
  const data = { path, size, mode, mtime, type: 'File', uid: 0, gid: 0 } as const;
  const header = new Header(data);
  const needsPax = header.encode();
  const plain = header.block ?? Buffer.alloc(0);
  return needsPax ? Buffer.concat([new Pax({ path, size, mtime }).encode(), plain]) : plain;
}
