import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { OpenDirectory } from './open-directory.ts';
import { removeTree } from './remove-tree.ts';

let scratch: string;
let parent: OpenDirectory;
beforeEach(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'mcb-remove-'));
  mkdirSync(join(scratch, 'parent'));
  mkdirSync(join(scratch, 'outside'));
  writeFileSync(join(scratch, 'outside', 'precious'), 'x');
  parent = await OpenDirectory.at(join(scratch, 'parent'));
});
afterEach(async () => {
  await parent.close();
  rmSync(scratch, { recursive: true });
});

const left = () => [readdirSync(join(scratch, 'parent')), readdirSync(join(scratch, 'outside'))];

test('files, directories, links, and directories without rights', async () => {
  const tree = join(scratch, 'parent', 'tree');
  mkdirSync(join(tree, 'a', 'b', 'c'), { recursive: true });
  writeFileSync(join(tree, 'a', 'file'), '');
  symlinkSync(join(scratch, 'outside'), join(tree, 'a', 'b', 'link'));
  symlinkSync(join(scratch, 'outside', 'precious'), join(tree, 'link'));
  symlinkSync('.', join(tree, 'a', 'itself'));
  for (const name of ['a/b/c', 'a/b', 'a', '.']) chmodSync(join(tree, name), 0o000);
  await removeTree(parent, 'tree');
  expect(left()).toEqual([[], ['precious']]);
});

test('what is no directory, and what is not there', async () => {
  symlinkSync(join(scratch, 'outside'), join(scratch, 'parent', 'link'));
  writeFileSync(join(scratch, 'parent', 'file'), '');
  for (const name of ['link', 'file', 'nothing']) await removeTree(parent, name);
  expect(left()).toEqual([[], ['precious']]);
});

test('deeper than a path can be long', async () => {
  const level = 'd'.repeat(100);
  // Made from the inside out: no path that long can be named.
  for (let depth = 0; depth < 200; depth += 1) {
    mkdirSync(join(scratch, 'outer'));
    if (depth > 0) renameSync(join(scratch, 'inner'), join(scratch, 'outer', level));
    renameSync(join(scratch, 'outer'), join(scratch, 'inner'));
  }
  renameSync(join(scratch, 'inner'), join(scratch, 'parent', 'tree'));
  await removeTree(parent, 'tree');
  expect(left()).toEqual([[], ['precious']]);
});

test('a directory that is exchanged for a link while it is emptied', async () => {
  for (let round = 0; round < 20; round += 1) {
    const tree = join(scratch, 'parent', 'tree');
    for (let n = 0; n < 20; n += 1) mkdirSync(join(tree, `${n}`, 'x'), { recursive: true });
    const removed = removeTree(parent, 'tree').catch(() => {});
    // Each swap may come too late or too early; none may reach what is outside.
    for (let n = 0; n < 20; n += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      try {
        renameSync(join(tree, `${n}`), join(scratch, `moved-${round}-${n}`));
        symlinkSync(join(scratch, 'outside'), join(tree, `${n}`));
      } catch {
        // It was removed already.
      }
    }
    await removed;
    expect(existsSync(join(scratch, 'outside', 'precious'))).toBe(true);
    await removeTree(parent, 'tree');
  }
  expect(left()).toEqual([[], ['precious']]);
});
