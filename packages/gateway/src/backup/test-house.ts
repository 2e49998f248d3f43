import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../db/open-database.ts';
import type { BackupOrder, BackupPlaces, MadeBackup } from './make-backup.ts';
import { makeBackup } from './make-backup.ts';

export const sessionId = '6f1c0e52-7d1c-4d52-9a5e-0d8f3c1b2a49';
export const madeAtMs = Date.UTC(2026, 0, 31, 3);

/** A gateway's files, and a directory for backups. */
export interface House {
  readonly home: string;
  readonly places: BackupPlaces;
  readonly file: string;
  readonly envFile: string;
  readonly remove: () => void;
}

export function emptyHouse(): House {
  const home = mkdtempSync(join(tmpdir(), 'mcb-backup-'));
  return {
    home,
    places: {
      database: join(home, 'gateway.db'),
      sessions: join(home, 'sessions'),
      archives: join(home, 'archives'),
      reports: join(home, 'reports'),
      projects: join(home, 'claude', 'projects'),
    },
    file: join(home, 'backup.tar.gz'),
    envFile: join(home, '.env'),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

const put = (path: string, text: string): void => {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
};

const folderOf = (path: string): string => path.replace(/[^A-Za-z0-9]/g, '-');

/** One with a chat, its files and its transcript, and the transcript of a program that is not ours. */
export function fullHouse(): House {
  const house = emptyHouse();
  const { sessions, archives, reports, projects, database } = house.places;
  const chat = join(sessions, 'default', '1');
  put(join(chat, 'note with spaces – ü.txt'), 'a note');
  put(join(chat, 'empty.txt'), '');
  put(join(chat, 'run.sh'), '#!/bin/sh\n');
  chmodSync(join(chat, 'run.sh'), 0o700);
  put(join(chat, 'deep', `${'long-'.repeat(40)}.txt`), 'deep');
  mkdirSync(join(chat, 'nothing'));
  symlinkSync('../note with spaces – ü.txt', join(chat, 'deep', 'link'));
  symlinkSync('/etc/passwd', join(chat, 'out'));
  put(join(archives, 'index.json'), '[]');
  put(join(reports, 'family.yaml'), 'title: Family\n');
  put(join(reports, 'short.yml'), 'title: Short\n');
  put(join(reports, 'templates', 'family.tex'), '[[sections]]\n');
  put(join(reports, 'other.txt'), 'not of a report');
  put(join(projects, folderOf(chat), `${sessionId}.jsonl`), '{"type":"user"}\n');
  put(join(projects, folderOf(chat), sessionId, 'subagent.jsonl'), '{}\n');
  put(join(projects, 'mine', '11111111-7d1c-4d52-9a5e-0d8f3c1b2a49.jsonl'), 'not ours\n');
  put(`${database}.key`, 'a key\n');
  const opened = openDatabase(database);
  opened.exec(`
    INSERT INTO gateway_sessions (bot_id, chat_id, cwd, last_active, claude_session_id)
      VALUES ('default', '1', '${chat}', 1, '${sessionId}');
    INSERT INTO chat_messages (session_id, role, content) VALUES ('s', 'user', 'hello');
    INSERT INTO memory (key, content, created_at, updated_at) VALUES ('k', 'c', 'now', 'now');`);
  opened.close();
  return house;
}

export const orderFor = (house: House, changes: Partial<BackupOrder> = {}): BackupOrder => ({
  target: house.file,
  places: house.places,
  config: 'PORT=8123\n',
  work: true,
  key: true,
  program: '0.0.0',
  nowMs: madeAtMs,
  ...changes,
});

export const backUp = (house: House, changes: Partial<BackupOrder> = {}): Promise<MadeBackup> =>
  makeBackup(orderFor(house, changes));

/** Everything below a directory: name → content. */
export function treeOf(directory: string, skip = /^$/): Record<string, string> {
  if (!existsSync(directory)) return {};
  const found = readdirSync(directory, { recursive: true, withFileTypes: true }).map((entry) => {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(directory.length + 1);
    if (entry.isSymbolicLink()) return [name, `→ ${readlinkSync(path)}`] as const;
    return [name, entry.isDirectory() ? '/' : readFileSync(path, 'latin1')] as const;
  });
  return Object.fromEntries(found.filter(([name]) => !skip.test(name)).toSorted());
}
