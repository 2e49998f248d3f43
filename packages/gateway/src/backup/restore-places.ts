import { existsSync, lstatSync, readdirSync, realpathSync, rmSync, statfsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { keyFileOf } from '../secrets/key-file.ts';
import type { BackupPlaces } from './make-backup.ts';
import type { Root } from './manifest.ts';

/** A directory that is restored into, and those beside it on the same file system. */
export interface RestorePlace {
  /** Where it all goes. */
  readonly path: string;
  /** Where it lies until it is complete. */
  readonly staging: string;
  /** Where what was there is kept. */
  readonly aside: string;
}

/** Where a backup is restored to. */
export interface RestorePlaces extends Record<Root, RestorePlace> {
  readonly database: RestorePlace & { readonly file: string; readonly key: string };
}

/** @param stamp tells one restore from others: `20260131T120000.000Z` */
export function restorePlaces(places: BackupPlaces, stamp: string): RestorePlaces {
  const directory = dirname(places.database);
  return {
    // Beside the file itself: its directory is the one that there is.
    database: {
      path: directory,
      staging: `${places.database}.restoring-${stamp}`,
      aside: `${places.database}.before-restore-${stamp}`,
      file: places.database,
      key: keyFileOf(places.database),
    },
    transcripts: placeOf(places.projects, stamp),
    sessions: placeOf(places.sessions, stamp),
    archives: placeOf(places.archives, stamp),
    reports: placeOf(places.reports, stamp),
  };
}

/** Beside it; inside it, where it is a file system of its own, such as a volume of a container. */
function placeOf(given: string, stamp: string): RestorePlace {
  const path = existsSync(given) ? realpathSync(given) : given;
  const inside = existsSync(path) && isMounted(path);
  const base = inside ? join(path, '.') : `${path}.`;
  return {
    path,
    staging: `${base}restoring-${stamp}`,
    aside: `${base}before-restore-${stamp}`,
  };
}

function isMounted(path: string): boolean {
  const [here, above] = [lstatSync(path), lstatSync(dirname(path))];
  return here.dev !== above.dev || here.ino === above.ino;
}

/** Remove what an earlier restore left that was ended before it had begun to change anything. */
export function removeStaging(places: RestorePlaces): void {
  for (const { staging } of stagingOf(places)) {
    const parent = dirname(staging);
    if (!existsSync(parent)) continue;
    const stem = basename(staging).replace(/restoring-.*$/, 'restoring-');
    for (const name of readdirSync(parent))
      if (name.startsWith(stem)) rmSync(join(parent, name), { recursive: true, force: true });
  }
}

export const stagingOf = (places: RestorePlaces): readonly RestorePlace[] => [
  places.database,
  places.transcripts,
  places.sessions,
  places.archives,
  places.reports,
];

/** Bytes that may still be written where that path is, or will be. */
export function freeBytes(path: string): number {
  const { bavail, bsize } = statfsSync(nearest(path));
  return bavail * bsize;
}

/** The file system that a path is on, or will be. */
export const deviceOf = (path: string): number => lstatSync(nearest(path)).dev;

function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}
