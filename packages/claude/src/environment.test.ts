import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../tests/support/asking.ts';
import { type ClaudeHouse, openClaudeHouse } from '../tests/support/claude-house.ts';
import { claudeEnvironment, markerVariable } from './environment.ts';

let house: ClaudeHouse;
beforeAll(async () => {
  house = await openClaudeHouse();
});
afterAll(() => house.close());

const lines = (text: string) =>
  new Map(
    text.split('\n').map((line): [string, string] => {
      const [name = '', ...value] = line.split('=');
      return [name, value.join('=')];
    }),
  );

/** The environment that a tool of Claude sees, over whatever else its process has. */
async function seenByTools(owner: Record<string, string>, secrets: string[]) {
  const environment = claudeEnvironment({ ...house.settings.environment, ...owner }, secrets);
  const session = await house.start({ settings: { environment } });
  const { text } = await ask(session, '[[bash:env]] [[/]] [[result]]');
  await session.close();
  return { environment, variables: lines(text) };
}

test('tools see what is the owner’s, and nothing of the gateway’s own', async () => {
  const { variables } = await seenByTools(
    { MY_SETTING: 'mine', TELEGRAM_TOKEN: 'secret', CLAUDE_CODE_USE_BEDROCK: '0' },
    ['TELEGRAM_TOKEN'],
  );
  expect(variables.get('MY_SETTING')).toBe('mine');
  expect(variables.get('CLAUDE_CODE_USE_BEDROCK')).toBe('0');
  expect(variables.has('TELEGRAM_TOKEN')).toBe(false);
});

test('what a Claude tells its tools is not passed on to the next Claude', async () => {
  const { variables } = await seenByTools({}, []);
  const nested = [...variables.keys()].filter((name) => /^(CLAUDE|AI_AGENT|MCB_)/.test(name));
  expect(nested).toEqual(
    expect.arrayContaining(['CLAUDECODE', 'CLAUDE_CODE_SESSION_ID', markerVariable]),
  );
  const again = claudeEnvironment(Object.fromEntries(variables), []);
  const kept = nested.filter((name) => name in again && !(name in house.settings.environment));
  expect(kept).toEqual([]);
  expect(again[markerVariable]).toBeUndefined();
});

test.each([
  ['CLAUDECODE', false],
  ['CLAUDE_PID', false],
  ['CLAUDE_EFFORT', false],
  ['AI_AGENT', false],
  ['CLAUDE_CODE_SESSION_ID', false],
  ['CLAUDE_CODE_CHILD_SESSION', false],
  ['CLAUDE_CODE_ENTRYPOINT', false],
  ['CLAUDE_CODE_MESSAGING_TOKEN', false],
  ['CLAUDE_CODE_RESUME_INTERRUPTED_TURN', false],
  [markerVariable, false],
  ['CLAUDE_CODE_USE_BEDROCK', true],
  ['CLAUDE_CODE_USE_VERTEX', true],
  ['CLAUDE_CODE_OAUTH_TOKEN', true],
  ['CLAUDE_CONFIG_DIR', true],
  ['ANTHROPIC_BASE_URL', true],
  ['HTTPS_PROXY', true],
])('%s: passed on %s', (name, passed) => {
  expect(claudeEnvironment({ [name]: '/x' }, [])[name]).toBe(passed ? '/x' : undefined);
});

test('the owner’s values stand over the defaults', () => {
  expect(claudeEnvironment({}, []).CLAUDE_CODE_MAX_RETRIES).toBe('4');
  expect(claudeEnvironment({ CLAUDE_CODE_MAX_RETRIES: '9' }, []).CLAUDE_CODE_MAX_RETRIES).toBe('9');
  expect(
    claudeEnvironment({ CLAUDE_CODE_MAX_RETRIES: undefined }, []).CLAUDE_CODE_MAX_RETRIES,
  ).toBe('4');
});

test.each([
  ['', undefined],
  ['  ', undefined],
  ['/etc/claude', '/etc/claude'],
  ['settings', join(process.cwd(), 'settings')],
])('CLAUDE_CONFIG_DIR=%j is the same place for every chat', (value, directory) => {
  expect(claudeEnvironment({ CLAUDE_CONFIG_DIR: value }, []).CLAUDE_CONFIG_DIR).toBe(directory);
});
