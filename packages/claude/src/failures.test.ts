import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createMarkerScript,
  refuse,
  reply,
  type Script,
  text,
} from '@mini-claude-bot/fake-anthropic';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ask } from '../tests/support/asking.ts';
import { type ClaudeHouse, openClaudeHouse } from '../tests/support/claude-house.ts';
import type { FailureReason } from './failure.ts';
import type { LiveSession } from './live-session.ts';

const leaky = 'sk-ant-api03-0123456789abcdef';
const markers = createMarkerScript(() => reply(text('All right.')));

/** What no marker can say: a refusal in words of its own. */
const script: Script = (call) => {
  const { prompt } = call.conversation;
  if (prompt === 'too long')
    return refuse(400, { message: 'prompt is too long: 210000 tokens > 200000 maximum' });
  if (prompt === 'leak') return refuse(400, { message: `the key ${leaky} may not do that` });
  return markers(call);
};

let house: ClaudeHouse;
let session: LiveSession | undefined;
beforeAll(async () => {
  house = await openClaudeHouse(script);
});
afterEach(async () => {
  await session?.close();
  session = undefined;
});
afterAll(() => house.close());

const once = { CLAUDE_CODE_MAX_RETRIES: '0' };
const withToken = { ...once, ANTHROPIC_API_KEY: '', CLAUDE_CODE_OAUTH_TOKEN: 'sk-ant-oat01-test' };

async function failure(prompt: string, environment: Record<string, string>) {
  session = await house.start({ environment });
  const outcome = await ask(session, prompt);
  expect(JSON.stringify(outcome)).not.toMatch(/sk-ant-/);
  if (outcome.kind !== 'failed') throw new Error(`it did not fail: ${JSON.stringify(outcome)}`);
  return outcome.failure;
}

test.each<[string, string, Record<string, string>, FailureReason, RegExp]>([
  [
    'no login',
    'hello',
    { ...once, ANTHROPIC_API_KEY: '' },
    'not_logged_in',
    /is not logged in.*mini-claude-bot login/,
  ],
  ['a refused key', '[[status:401]]', once, 'not_logged_in', /login was refused/],
  [
    'a used-up subscription',
    '[[limit]]',
    withToken,
    'rate_limited',
    /5-hour limit\. It resets at \d{4}-\d\d-\d\d \d\d:\d\d UTC \(in [45] h \d+ min\)/,
  ],
  [
    'too many requests',
    '[[status:429]]',
    once,
    'rate_limited',
    /reached its rate limit\. Please try again later/,
  ],
  ['an overload', '[[status:529]]', once, 'overloaded', /overloaded.*try again in a few minutes/],
  ['no money', '[[status:402]]', once, 'billing', /account or its billing/],
  [
    'a conversation that is too long',
    'too long',
    once,
    'prompt_too_long',
    /too long for the model/,
  ],
  [
    'a request that is too large',
    '[[status:413]]',
    once,
    'prompt_too_long',
    /too long for the model/,
  ],
  [
    'a model that is not there',
    '[[status:404]]',
    once,
    'model_unavailable',
    /CLAUDE_MODEL.*claude-/,
  ],
  ['a server error', '[[status:500]]', once, 'api_error', /could not answer: .*500/],
  [
    'a request that is refused',
    'leak',
    once,
    'api_error',
    /could not answer: .*the key sk-… may not do that/,
  ],
  ['a dropped connection', '[[cut]]', once, 'api_error', /could not answer/],
  [
    'a closed port',
    'hello',
    { ...once, ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' },
    'api_error',
    /could not answer: .*(connect|refused)/i,
  ],
])('%s is told in words', async (_what, prompt, environment, reason, message) => {
  const told = await failure(prompt, environment);
  expect(told).toEqual({ reason, message: expect.stringMatching(message) });
  // One line that says what happened, and ends as a sentence does.
  expect(told.message).toMatch(/^[A-Z][^\n]{20,400}[.)]?$/);
});

test('after a failure the session takes the next message', async () => {
  await failure('[[status:404]]', once);
  expect(session?.usable).toBe(true);
  expect(session && (await ask(session, '[[text:well]]'))).toMatchObject({
    kind: 'completed',
    text: 'well',
  });
});

test('what was said before a failure is kept', async () => {
  session = await house.start({ environment: once });
  const outcome = await ask(session, '[[text:So far]] [[bash:true]] [[/]] [[status:500]]');
  expect(outcome).toMatchObject({
    kind: 'failed',
    text: 'So far',
    failure: { reason: 'api_error' },
  });
});

test('a conversation that cannot be found is a failure to start, in words', async () => {
  session = await house.start({
    conversation: { kind: 'resumed', id: '00000000-0000-4000-8000-000000000000' },
  });
  expect(await ask(session, 'hello')).toMatchObject({
    kind: 'failed',
    failure: { message: expect.stringMatching(/No conversation found/) },
  });
});

test('root without a sandbox is told in Claude’s words', async ({ skip }) => {
  if (process.getuid?.() !== 0) skip();
  const told = await failure('hello', { IS_SANDBOX: '' });
  expect(told).toEqual({
    reason: 'claude_start_failed',
    message: expect.stringMatching(/did not start.*root/),
  });
});

test('a program that is gone by the time it is needed', async () => {
  session = await house.start({ settings: { executable: '/nowhere/claude' } });
  expect(await ask(session, 'hello')).toMatchObject({
    kind: 'failed',
    failure: { reason: 'claude_missing', message: expect.stringContaining('/nowhere/claude') },
  });
});

test('a file that is no program', async () => {
  const executable = join(house.home, 'no-program');
  await writeFile(executable, '', { mode: 0o644 });
  session = await house.start({ settings: { executable } });
  expect(await ask(session, 'hello')).toMatchObject({
    kind: 'failed',
    failure: { reason: 'claude_start_failed', message: expect.stringContaining('EACCES') },
  });
});

test('a working directory that is gone', async () => {
  await expect(house.start({ directory: '/nowhere/at/all' })).rejects.toMatchObject({
    reason: 'directory_unusable',
    message: expect.stringContaining('/nowhere/at/all'),
  });
});

test('an environment that no process can have', async () => {
  await expect(house.start({ environment: { X: 'a\0b' } })).rejects.toMatchObject({
    reason: 'claude_start_failed',
  });
});
