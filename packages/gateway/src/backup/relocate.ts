import Sqlite from 'better-sqlite3';
import type { BackupPlaces } from './make-backup.ts';
import { realPath } from './real-path.ts';

type SessionsAt = Pick<BackupPlaces, 'sessions'>;
type OldSessions = SessionsAt & { readonly real_sessions: string };

/** Claude names a project's folder by its path. */
const folderOf = (path: string): string => path.replace(/[^A-Za-z0-9]/g, '-');

/**
 * The name of something in an archive where the chats' directories lie elsewhere now: Claude finds a conversation by the
 * directory that it was had in.
 */
export function relocatedName(name: string, old: OldSessions, now: SessionsAt): string {
  const [before, after] = [folderOf(old.real_sessions), folderOf(realPath(now.sessions))];
  const start = `transcripts/${before}`;
  if (before === after || !(name.startsWith(`${start}-`) || name.startsWith(`${start}/`)))
    return name;
  return `transcripts/${after}${name.slice(start.length)}`;
}

/** Sessions are told where their directories are now. */
export function relocateDatabase(path: string, old: SessionsAt, now: SessionsAt): void {
  if (old.sessions === now.sessions) return;
  const database = new Sqlite(path);
  try {
    const known = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'gateway_sessions'";
    if (database.prepare(known).get() === undefined) return;
    database
      .prepare(
        `UPDATE gateway_sessions SET cwd = :now || substr(cwd, length(:old) + 1)
         WHERE substr(cwd, 1, length(:old) + 1) = :old || '/'`,
      )
      .run({ old: old.sessions, now: now.sessions });
  } finally {
    database.close();
  }
}
