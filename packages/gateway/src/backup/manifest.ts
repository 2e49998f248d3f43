import { z } from 'zod';

/** What this program writes. A newer program may write another; this one then refuses it. */
export const archiveFormat = 1;

/** Names in the archive. */
export const manifestName = 'manifest.json';
export const databaseName = 'database.sqlite';
export const keyName = 'secret.key';
export const configName = 'config.env';
/** Directories in the archive, and what is in them. */
export const roots = ['transcripts', 'sessions', 'archives', 'reports'] as const;
export type Root = (typeof roots)[number];

const longestPath = 4096;
const longestPart = 255;
const deepest = 80;

/**
 * Whether a name may stand in an archive: one of ours, that leads nowhere but below the directory that it is
 * restored to, whatever somebody has written into the file.
 */
export function isArchiveName(name: string): boolean {
  if ([databaseName, keyName, configName].includes(name)) return true;
  const parts = name.split('/');
  return (
    name.length <= longestPath &&
    parts.length >= 2 &&
    parts.length <= deepest &&
    roots.some((root) => root === parts[0]) &&
    parts.every(isSafePart)
  );
}

const isSafePart = (part: string): boolean =>
  part !== '' &&
  part !== '.' &&
  part !== '..' &&
  !part.includes('\0') &&
  Buffer.byteLength(part) <= longestPart;

/**
 * Whether a link leads to something in the same chat's directory: the first three parts of its own name. One that goes
 * up again behind a name is refused: that name may be a link, and above what it leads to is somewhere else.
 */
export function staysInside(name: string, target: string): boolean {
  if (target === '' || target.startsWith('/') || target.includes('\0')) return false;
  const here = name.split('/').slice(0, -1);
  const least = Math.min(3, here.length);
  let down = false;
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') down = true;
    else if (down || here.length <= least) return false;
    else here.pop();
  }
  return true;
}

const Name = z.string().refine(isArchiveName, { error: 'is no name that a backup has' });
const Mode = z.int().min(0).max(0o777);

export const FileEntry = z.object({
  kind: z.literal('file'),
  path: Name,
  size: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  mode: Mode,
});
export type FileEntry = z.infer<typeof FileEntry>;

const DirectoryEntry = z.object({ kind: z.literal('directory'), path: Name });
const LinkEntry = z
  .object({ kind: z.literal('link'), path: Name, target: z.string() })
  .refine(({ path, target }) => staysInside(path, target), { error: 'leads out of its chat' });
export const Entry = z.union([FileEntry, DirectoryEntry, LinkEntry]);
export type Entry = z.infer<typeof Entry>;

/** Last in the archive: what else is in it. Without it a file was cut off, or is none of ours. */
export const Manifest = z.object({
  format: z.literal(archiveFormat),
  /** Version of the program that made it. */
  program: z.string(),
  /** ISO 8601. */
  made_at: z.iso.datetime(),
  /** Version of the database's schema. */
  schema: z.int().nonnegative(),
  /** Where it all was. */
  places: z.object({
    database: z.string(),
    sessions: z.string(),
    /** The same without links, by which Claude names folders. */
    real_sessions: z.string(),
    archives: z.string(),
    projects: z.string(),
    reports: z.string().optional(),
  }),
  entries: z.array(Entry),
  /** What could not be taken, in words. */
  left_out: z.array(z.string()),
});
export type Manifest = z.infer<typeof Manifest>;

/** Read before the rest: another format has other rules. */
export const ManifestFormat = z.object({ format: z.int() });
