import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { describeProgram } from './command-line.ts';
import { commandTree, everyCommand } from './completion/command-tree.ts';

/** What a command asks and does is not looked at here: none is run. */
const program = describeProgram(
  () => async () => {},
  { processEnvironment: {}, envFile: '/nowhere/.env' },
  () => {},
);

function commandAt(path: readonly string[]): Command {
  let command = program;
  for (const name of path) {
    const inner = command.commands.find((each) => each.name() === name);
    if (inner === undefined) throw new Error(`there is no command ${path.join(' ')}`);
    command = inner;
  }
  return command;
}

const commands = everyCommand(commandTree(program)).filter(({ path }) => path.length > 0);
/** Those that do something; the others only have commands below them. */
const leaves = commands.filter((each) => each.commands.length === 0);

function helpOf(path: readonly string[]): string {
  let text = '';
  const command = commandAt(path);
  command.configureOutput({
    writeOut: (piece) => {
      text += piece;
    },
  });
  command.outputHelp();
  return text;
}

/** Why these print no JSON. */
const withoutJson: Readonly<Record<string, string>> = {
  start: 'it serves until it is ended; its log is JSON',
  demo: 'it serves until it is ended',
  login: 'a dialogue of another program',
  completion: 'a script for a shell',
  'service logs': 'lines of a log, as they are',
};

test('there are commands to look at', () => {
  expect(leaves.length).toBeGreaterThan(20);
});

describe.each(leaves.map((leaf) => [leaf.path.join(' '), leaf] as const))('%s', (name, leaf) => {
  test('has --json, or a reason why not', () => {
    const has = leaf.options.some(({ names }) => names.includes('--json'));
    expect(has).toBe(!(name in withoutJson));
  });

  test('has examples in its help', () => {
    const examples = helpOf(leaf.path)
      .split('\n')
      .filter((line) => /^ {2}.*mini-claude-bot \w/.test(line));
    expect(examples.length, 'put some into cli/help/examples.ts').toBeGreaterThan(0);
    expect(examples.some((line) => line.includes(`mini-claude-bot ${name}`))).toBe(true);
  });

  test('says what it and each of its options is for', () => {
    for (const words of [leaf.description, ...leaf.options.map(({ description }) => description)]) {
      expect(words).toMatch(/^\S.{3,}/);
    }
  });

  test('its help fits a terminal', () => {
    const long = helpOf(leaf.path)
      .split('\n')
      .filter((line) => line.length > 130);
    expect(long).toEqual([]);
  });
});

test('what has no JSON is there', () => {
  const names = leaves.map(({ path }) => path.join(' '));
  expect(Object.keys(withoutJson).filter((name) => !names.includes(name))).toEqual([]);
});
