import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';

const lockFile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      link: z.boolean().optional(),
      inBundle: z.boolean().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

const lock = lockFile.parse(
  JSON.parse(await readFile(join(import.meta.dirname, '../package-lock.json'), 'utf8')),
);

/** The entry that `name` means for the package at `from`: its own, or the nearest one above. */
function entryOf(name: string, from: string) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    const entry =
      lock.packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`];
    if (entry !== undefined || folder === '') return entry;
  }
}

test('npm ci works on every platform: no optional package is missing from the lock file', () => {
  const missing = Object.entries(lock.packages).flatMap(([from, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => entryOf(name, from) === undefined),
  );
  expect(missing).toEqual([]);
});

test('every package in the lock file has a checksum, and none an address', () => {
  const installed = Object.entries(lock.packages).filter(
    // What a package carries along is covered by its own.
    ([path, { link, inBundle }]) =>
      path.includes('node_modules/') && link !== true && inBundle !== true,
  );
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.filter(([, { integrity }]) => integrity === undefined)).toEqual([]);
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
