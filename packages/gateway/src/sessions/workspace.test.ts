import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { BotId, ChatId, type ChatKey, GatewayError } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { foldsCase, isDirectoryOf, Workspaces } from './workspace.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'workspaces-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const chat = (bot: string, id: string): ChatKey => ({
  botId: BotId.parse(bot),
  chatId: ChatId.parse(id),
});

describe('choose', () => {
  /** Gives each chat in turn a directory, beside those that the others have. */
  function chooseAll(folds: boolean, chats: readonly ChatKey[]): string[] {
    const workspaces = new Workspaces('/root', folds);
    const taken: string[] = [];
    for (const key of chats) taken.push(workspaces.choose(key, () => taken));
    return taken;
  }

  test('ids are used as they are', () => {
    expect(chooseAll(true, [chat('hero', '-100123')])).toEqual(['/root/hero/-100123']);
    const similar = [chat('a.b', 'c'), chat('a-b', 'c'), chat('A-b', 'c'), chat('a_b', 'C')];
    expect(chooseAll(false, similar)).toEqual([
      '/root/a.b/c',
      '/root/a-b/c',
      '/root/A-b/c',
      '/root/a_b/C',
    ]);
  });

  test.each([
    ['case', 'Chat', 'cHAT'],
    ['case beyond ASCII', 'É', 'é'],
    ['composition', '\u00E9', 'e\u0301'],
    ['both at once', 'E\u0301', '\u00E9'],
    ['a letter with two small forms', 'ς', 'σ'],
    ['the long s', 'ſ', 's'],
    ['the sign of a unit', '\u212A', 'k'],
    ['a large sharp s', 'ẞ', 'ß'],
    ['letters whose small form came later', 'Ꭰ', 'ꭰ'],
  ])(
    'where names that differ only in %s are one, the second is changed',
    (_what, first, second) => {
      const chosen = chooseAll(true, [chat('b', first), chat('b', second), chat(first, second)]);
      expect(chosen).toEqual([
        `/root/b/${first}`,
        `/root/b/${second}~2`,
        `/root/${first}/${second}`,
      ]);
      expect(chooseAll(false, [chat('b', first), chat('b', second)])[1]).toBe(`/root/b/${second}`);
    },
  );

  test('a name that was given to another is not taken', () => {
    expect(chooseAll(true, [chat('b', 'x'), chat('b', 'X~2'), chat('b', 'X')])).toEqual([
      '/root/b/x',
      '/root/b/X~2',
      '/root/b/X~3',
    ]);
  });

  test('no two chats ever get one directory', () => {
    const unit = fc.constantFrom('a', 'A', 'é', 'É', 'e\u0301', '~', '2', 'ς', 'σ', 'Σ', 'ß', '.');
    const id = fc
      .string({ unit, minLength: 1, maxLength: 4 })
      .filter((text) => text !== '.' && text !== '..');
    const key = fc.tuple(id, id);
    const keys = fc.uniqueArray(key, { selector: (pair) => pair.join('/'), maxLength: 25 });
    fc.assert(
      fc.property(keys, (pairs) => {
        const chosen = chooseAll(
          true,
          pairs.map(([bot, id]) => chat(bot, id)),
        );
        // As APFS compares names: canonically equivalent, without regard to case.
        const names = chosen.map((path) =>
          path.normalize('NFD').toLowerCase().replaceAll('ς', 'σ'),
        );
        expect(new Set(names).size).toBe(pairs.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe('ensure', () => {
  const workspaces = () => new Workspaces(root, false);

  test('makes a directory that nobody else may enter', async () => {
    const directory = join(root, 'bot', 'chat');
    await workspaces().ensure(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'bot')).mode & 0o777).toBe(0o700);
  });

  test('leaves alone what is there, and knows it again', async () => {
    const directory = join(root, 'bot', 'chat');
    const first = await workspaces().ensure(directory);
    writeFileSync(join(directory, 'file'), 'x');
    expect(await workspaces().ensure(directory)).toBe(first);
    expect(readdirSync(directory)).toEqual(['file']);
  });

  test('makes again what was deleted, and tells it from the first', async () => {
    const directory = join(root, 'bot', 'chat');
    const first = await workspaces().ensure(directory);
    rmSync(join(root, 'bot'), { recursive: true });
    // What else came in the meantime may not have the number of the old one.
    mkdirSync(join(root, 'something'));
    mkdirSync(join(root, 'else'));
    expect(await workspaces().ensure(directory)).not.toBe(first);
    expect(statSync(directory).isDirectory()).toBe(true);
  });

  test('closes again what somebody opened to others since the last message', async () => {
    const directory = join(root, 'bot', 'chat');
    const spaces = workspaces();
    const first = await spaces.ensure(directory);
    chmodSync(directory, 0o755);
    expect(await spaces.ensure(directory)).toBe(first);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test('finds a link that was put in the place of what it had looked at', async () => {
    const directory = join(root, 'bot', 'chat');
    const spaces = workspaces();
    await spaces.ensure(directory);
    const elsewhere = join(root, 'elsewhere');
    renameSync(directory, elsewhere);
    symlinkSync(elsewhere, directory);
    await expect(spaces.ensure(directory)).rejects.toMatchObject({ code: 'directory_unusable' });
  });

  test('makes again what was deleted since the last message', async () => {
    const directory = join(root, 'bot', 'chat');
    const spaces = workspaces();
    await spaces.ensure(directory);
    rmSync(join(root, 'bot'), { recursive: true });
    await spaces.ensure(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  test.each([
    ['a file in its place', (path: string) => writeFileSync(path, 'precious')],
    ['a link to nowhere', (path: string) => symlinkSync('/nowhere/at/all', path)],
  ])('%s makes it unusable, and is left alone', async (_what, put) => {
    const directory = join(root, 'chat');
    put(directory);
    const before = readdirSync(root);
    const failure = await workspaces()
      .ensure(directory)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GatewayError);
    expect(failure).toMatchObject({
      code: 'directory_unusable',
      message: expect.stringContaining('GATEWAY_SESSION_DIR'),
    });
    expect(readdirSync(root)).toEqual(before);
  });

  test('a file in place of the directory of its bot', async () => {
    writeFileSync(join(root, 'bot'), '');
    await expect(workspaces().ensure(join(root, 'bot', 'chat'))).rejects.toMatchObject({
      code: 'directory_unusable',
    });
  });

  test('any id makes a directory of exactly that name, and each one its own', async () => {
    const odd = [
      ' ',
      '...',
      '-rf',
      '~',
      '*',
      'a\nb',
      '\\',
      '😀',
      'שלום',
      'a'.repeat(255),
      '界'.repeat(85),
    ];
    const spaces = workspaces();
    for (const id of odd) await spaces.ensure(spaces.choose(chat('bot', id), () => []));
    expect(readdirSync(join(root, 'bot')).sort()).toEqual([...odd].sort());
  });
});

describe('remove', () => {
  const workspaces = () => new Workspaces(root, false);

  test('removes a directory with all that is in it', async () => {
    const directory = join(root, 'bot', 'chat');
    mkdirSync(join(directory, 'a', 'b'), { recursive: true });
    writeFileSync(join(directory, 'a', 'b', 'file'), 'x', { mode: 0o400 });
    await workspaces().remove(directory, chat('bot', 'chat'));
    expect(existsSync(directory)).toBe(false);
  });

  test('does not mind that it is gone', async () => {
    await workspaces().remove(join(root, 'bot', 'chat'), chat('bot', 'chat'));
  });

  test('does not follow links', async () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), 'x');
    const directory = join(root, 'chat');
    mkdirSync(directory);
    symlinkSync(outside, join(directory, 'to-a-directory'));
    symlinkSync(join(outside, 'precious'), join(directory, 'to-a-file'));
    await workspaces().remove(directory, chat(basename(root), 'chat'));
    expect(existsSync(directory)).toBe(false);
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('x');
  });

  test('a link in place of the directory is removed, and not what it leads to', async () => {
    const outside = join(root, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), 'x');
    symlinkSync(outside, join(root, 'chat'));
    await workspaces().remove(join(root, 'chat'), chat(basename(root), 'chat'));
    expect(readdirSync(root)).toEqual(['outside']);
    expect(readdirSync(outside)).toEqual(['precious']);
  });
});

describe('a directory that is not the chat’s by its name', () => {
  test.each([
    ['/', 'b', 'c', false],
    ['/home', 'b', 'home', false],
    ['/root/b/c', 'b', 'c', true],
    ['/other/root/b/c', 'b', 'c', true],
    ['/root/b/c~2', 'b', 'c', true],
    ['/root/b/c~2~3', 'b', 'c', false],
    ['/root/b/c~x', 'b', 'c', false],
    ['/root/a/c', 'b', 'c', false],
    ['/root/b/d', 'b', 'c', false],
    ['/root/b/../b/c', 'b', 'c', false],
    ['/root/b/c/', 'b', 'c', false],
    ['/root//b/c', 'b', 'c', false],
    ['b/c', 'b', 'c', false],
    ['', 'b', 'c', false],
  ])('%j of %s/%s: %s', (directory, bot, id, expected) => {
    expect(isDirectoryOf(chat(bot, id), directory)).toBe(expected);
  });

  test('is not removed', async () => {
    mkdirSync(join(root, 'precious'));
    await new Workspaces(root, false).remove(join(root, 'precious'), chat('b', 'c'));
    expect(existsSync(join(root, 'precious'))).toBe(true);
  });
});

describe('links that a chat could make', () => {
  const precious = () => join(root, 'other', 'chat', 'precious');
  beforeEach(() => {
    mkdirSync(join(root, 'other', 'chat'), { recursive: true });
    writeFileSync(precious(), 'x');
  });
  const unusable = expect.objectContaining({ code: 'directory_unusable' });

  test('in the place of its directory', async () => {
    mkdirSync(join(root, 'bot'));
    symlinkSync(join(root, 'other', 'chat'), join(root, 'bot', 'chat'));
    const workspaces = new Workspaces(root, false);
    await expect(workspaces.ensure(join(root, 'bot', 'chat'))).rejects.toEqual(unusable);
    await workspaces.remove(join(root, 'bot', 'chat'), chat('bot', 'chat'));
    expect(readdirSync(join(root, 'bot'))).toEqual([]);
    expect(readFileSync(precious(), 'utf8')).toBe('x');
  });

  test.each(['other', '/etc', '../..', '.'])('in the place of its bot’s: %s', async (target) => {
    symlinkSync(target, join(root, 'bot'));
    const workspaces = new Workspaces(root, false);
    await expect(workspaces.ensure(join(root, 'bot', 'chat'))).rejects.toEqual(unusable);
    await workspaces.remove(join(root, 'bot', 'chat'), chat('bot', 'chat'));
    expect(readFileSync(precious(), 'utf8')).toBe('x');
  });

  test('the way to all of them is the owner’s, and may be a link', async () => {
    symlinkSync(join(root, 'other'), join(root, 'elsewhere'));
    await new Workspaces(root, false).ensure(join(root, 'elsewhere', 'bot', 'chat'));
    expect(statSync(join(root, 'other', 'bot', 'chat')).isDirectory()).toBe(true);
  });

  test('a directory that was open to others is closed, whatever it was', async () => {
    const directory = join(root, 'bot', 'chat');
    mkdirSync(directory, { recursive: true });
    chmodSync(join(root, 'bot'), 0o755);
    chmodSync(directory, 0o777);
    await new Workspaces(root, false).ensure(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(root, 'bot')).mode & 0o777).toBe(0o700);
  });
});

describe('foldsCase', () => {
  test('says what the file system does, and makes the directory', () => {
    const directory = join(root, 'Sessions');
    const folds = foldsCase(directory);
    expect(statSync(directory).isDirectory()).toBe(true);
    mkdirSync(join(root, 'upper'));
    expect(existsSync(join(root, 'UPPER'))).toBe(folds);
  });

  test('is not misled by another directory that is named so', () => {
    const expected = foldsCase(join(root, 'first'));
    mkdirSync(join(root, 'SESSIONS'));
    expect(foldsCase(join(root, 'sessions'))).toBe(expected);
  });
});
