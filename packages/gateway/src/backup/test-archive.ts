import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Header, type HeaderData, Pax } from 'tar';
import type { Entry } from './manifest.ts';
import { madeAtMs } from './test-house.ts';

/** A file of an archive that somebody made by hand. */
export interface Piece {
  readonly path: string;
  readonly bytes: Buffer;
  /** Over the usual header. */
  readonly header?: HeaderData;
}

export const piece = (
  path: string,
  text: string | Buffer = 'x',
  header: HeaderData = {},
): Piece => ({
  path,
  bytes: Buffer.from(text),
  header,
});

export const entryOf = ({ path, bytes }: Piece): Entry => ({
  kind: 'file',
  path,
  size: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  mode: 0o600,
});

export const manifestText = (entries: readonly unknown[], changes: object = {}): string =>
  JSON.stringify({
    format: 1,
    program: '0.0.0',
    made_at: new Date(madeAtMs).toISOString(),
    schema: 18,
    places: { database: '/d', sessions: '/s', real_sessions: '/s', archives: '/a', projects: '/p' },
    entries,
    left_out: [],
    ...changes,
  });

/** The bytes of a tar with those files, as they are. */
export function tarOf(pieces: readonly Piece[]): Buffer {
  const parts = pieces.flatMap(({ path, bytes, header: changes = {} }) => {
    const data = { path, size: bytes.length, mode: 0o600, type: 'File', ...changes } as const;
    const header = new Header(data);
    const long = header.encode() ? [new Pax({ path }).encode()] : [];
    const body = header.type === 'File' ? [bytes, padding(bytes.length)] : [];
    return [...long, header.block ?? Buffer.alloc(0), ...body];
  });
  return Buffer.concat([...parts, Buffer.alloc(1024)]);
}

const padding = (size: number): Buffer => Buffer.alloc((512 - (size % 512)) % 512);

export const writeTar = (file: string, pieces: readonly Piece[]): void =>
  writeFileSync(file, gzipSync(tarOf(pieces)));
