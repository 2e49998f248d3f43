import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HarnessFinder } from './harness-finder.ts';

let root: string;
let chat: string;
let finder: HarnessFinder;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'mcb-finder-')));
  chat = join(root, 'sessions', 'b', '1');
  mkdirSync(chat, { recursive: true });
  finder = new HarnessFinder({
    directories: [join(root, 'projects'), join(root, 'sessions')],
    closed: [join(root, 'sessions'), join(root, 'projects', 'archives')],
  });
});
afterEach(() => rmSync(root, { recursive: true }));

function makeHarness(...path: string[]): string {
  const directory = join(root, ...path);
  mkdirSync(join(directory, '.harness'), { recursive: true });
  writeFileSync(join(directory, '.harness', 'tasks.json'), '{"tasks": [{}]}');
  return directory;
}
const pointTo = (path: string) => writeFileSync(join(chat, '.harness_project_dir'), path);
const found = (place: { reply?: string; projectId?: string; known?: string } = {}) =>
  finder.find({ workingDirectory: chat, ...place })?.directory;

test("none, and the chat's own", () => {
  expect(found()).toBeUndefined();
  makeHarness('sessions', 'b', '1');
  expect(found()).toBe(chat);
});

test('a pointer names another project: absolute, or from the working directory', () => {
  makeHarness('sessions', 'b', '1');
  const project = makeHarness('projects', 'tea');
  pointTo(`${project}\nmore`);
  expect(found()).toBe(project);
  const within = makeHarness('sessions', 'b', '1', 'inner');
  pointTo('inner');
  expect(found()).toBe(within);
});

test.each(['In {} now.', 'See `{}`', '"{}".', 'at {}, ready', '在 {} 里', '({})'])(
  'a reply names it: %s',
  (reply) => {
    const project = makeHarness('projects', 'tea.v2');
    expect(found({ reply: reply.replace('{}', project) })).toBe(project);
  },
);

test('where it was found before counts most, then the project', () => {
  const known = makeHarness('projects', 'known');
  const named = makeHarness('projects', 'named');
  const ofProject = makeHarness('sessions', 'b', '1', 'web');
  expect(found({ known, reply: named, projectId: 'web' })).toBe(known);
  expect(found({ known: `${known}-gone`, reply: named, projectId: 'web' })).toBe(named);
  expect(found({ projectId: 'web' })).toBe(ofProject);
  expect(found({ projectId: '../web' })).toBeUndefined();
});

test('where it was found before counts for nothing where that is the place of the chat', () => {
  makeHarness('sessions', 'b', '1');
  const named = makeHarness('projects', 'named');
  expect(found({ known: chat })).toBe(chat);
  expect(found({ known: chat, reply: `Now in ${named}` })).toBe(named);
  pointTo(named);
  expect(found({ known: chat })).toBe(named);
});

test.each([
  ['that is not allowed', ['elsewhere', 'tea']],
  ["that is another chat's", ['sessions', 'b', '2']],
  ['that is archived', ['projects', 'archives', 'x']],
  ['whose name only begins alike', ['projects-too', 'tea']],
])('a directory %s is not found', (_what, path) => {
  const directory = makeHarness(...path);
  pointTo(directory);
  expect(found()).toBeUndefined();
  expect(found({ reply: directory, known: directory })).toBeUndefined();
});

test('a link leads nowhere that is not allowed', () => {
  symlinkSync(makeHarness('sessions', 'b', '2'), join(chat, 'link'));
  pointTo('link');
  expect(found()).toBeUndefined();
  mkdirSync(join(root, 'projects'));
  symlinkSync(join(root, 'sessions', 'b', '2'), join(root, 'projects', 'link'));
  expect(found({ reply: join(root, 'projects', 'link') })).toBeUndefined();
});

test('a `.harness`, or a list of tasks, that is a link is none', () => {
  const others = makeHarness('sessions', 'b', '2');
  symlinkSync(join(others, '.harness'), join(chat, '.harness'));
  expect(found()).toBeUndefined();
  rmSync(join(chat, '.harness'));
  mkdirSync(join(chat, '.harness'));
  symlinkSync(join(others, '.harness', 'tasks.json'), join(chat, '.harness', 'tasks.json'));
  expect(finder.find({ workingDirectory: chat })).toEqual({ directory: chat, tasks: undefined });
});

test('what is named but not there is passed over', () => {
  makeHarness('sessions', 'b', '1');
  pointTo(join(root, 'projects', 'gone'));
  expect(found({ reply: '/nowhere/at/all and /etc/passwd' })).toBe(chat);
});

test('a list of tasks that is too long, a pipe or a directory is not read', () => {
  const directory = makeHarness('sessions', 'b', '1');
  const file = join(directory, '.harness', 'tasks.json');
  const tasks = () => finder.find({ workingDirectory: chat })?.tasks;
  expect(tasks()).toBeDefined();
  writeFileSync(file, `{"tasks": [{}]}${' '.repeat(1_000_000)}`);
  expect(tasks()).toBeUndefined();
  rmSync(file);
  execFileSync('mkfifo', [file]);
  expect(tasks()).toBeUndefined();
  rmSync(file);
  mkdirSync(file);
  expect(tasks()).toBeUndefined();
});
