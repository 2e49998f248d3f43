import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { query } from '@anthropic-ai/claude-agent-sdk/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { ask, asking, isText } from '../tests/support/asking.ts';
import { type ClaudeHouse, openClaudeHouse } from '../tests/support/claude-house.ts';
import { eventually, isRunning, markedProcesses } from '../tests/support/processes.ts';
import { ClaudeChild } from './child.ts';
import { InputQueue } from './input-queue.ts';
import { sessionOptions } from './launch.ts';
import { LiveSession } from './live-session.ts';
import { PromptContext } from './prompt-context.ts';

const executable = fileURLToPath(new URL('../tests/support/hostile-claude.mjs', import.meta.url));

let house: ClaudeHouse;
beforeAll(async () => {
  house = await openClaudeHouse();
});
afterAll(() => house.close());

const start = (behaviour: string, marker = house.newMarker()): Promise<LiveSession> =>
  house.start({
    marker,
    settings: { executable },
    environment: { HOSTILE: behaviour, HOSTILE_PIDS: join(house.home, 'pids.json') },
  });

/** The processes that the program says it started. */
async function startedProcesses(): Promise<Partial<Record<string, number>>> {
  const file = await readFile(join(house.home, 'pids.json'), 'utf8');
  return z.record(z.string(), z.number()).parse(JSON.parse(file));
}

test('one that behaves well answers', async () => {
  const session = await start('answer');
  expect(await ask(session, 'hello')).toMatchObject({ kind: 'completed', text: 'well behaved' });
  await session.close();
});

test.each([
  ['crash-at-start', 'claude_start_failed', /did not start.*no such luck/],
  ['exit-quietly', 'claude_crashed', /ended unexpectedly/],
  ['exit-with-words', 'claude_crashed', /ended unexpectedly.*was rejected/],
  ['null-frame', 'claude_crashed', /ended unexpectedly/],
  ['broken-frame', 'claude_crashed', /ended unexpectedly/],
])('%s: the turn fails as %s, and nothing is left', async (behaviour, reason, message) => {
  const marker = house.newMarker();
  const session = await start(behaviour, marker);
  const outcome = await ask(session, 'hello');
  expect(outcome).toMatchObject({
    kind: 'failed',
    failure: { reason, message: expect.stringMatching(message) },
  });
  expect(JSON.stringify(outcome)).not.toContain('verysecret');
  expect(session.usable).toBe(false);
  await session.close();
  expect(await markedProcesses(marker)).toEqual([]);
});

test('a crash in mid-turn keeps the text so far', async () => {
  const session = await start('crash-mid');
  expect(await ask(session, 'hello')).toMatchObject({
    kind: 'failed',
    text: 'Half an ',
    failure: { reason: 'claude_killed', message: expect.stringContaining('by the system') },
  });
  expect(await ask(session, 'again')).toMatchObject({
    kind: 'failed',
    text: '',
    failure: { reason: 'claude_killed' },
  });
});

test('one that closes its output and stays is ended', async () => {
  const marker = house.newMarker();
  const session = await start('close-output', marker);
  // It was killed, but not by the system: nobody is to try that again.
  expect(await ask(session, 'hello')).toMatchObject({
    kind: 'failed',
    text: 'Half an ',
    failure: { reason: 'claude_crashed', message: expect.stringContaining('stopped talking') },
  });
  await session.close();
  expect(await markedProcesses(marker)).toEqual([]);
});

test('one that is gone is noticed, though a daemon that nobody knows of holds its output open', async () => {
  const session = await start('leave-output-open');
  const outcome = await ask(session, 'hello');
  const { held } = await startedProcesses();
  try {
    expect(outcome).toMatchObject({ kind: 'failed', failure: { reason: 'claude_crashed' } });
    expect(held !== undefined && (await isRunning(held))).toBe(true);
    await session.close();
  } finally {
    if (held !== undefined) process.kill(held, 'SIGKILL');
  }
});

test('garbage between the lines is passed over', async () => {
  const session = await start('garbage');
  expect(await ask(session, 'hello')).toMatchObject({
    kind: 'completed',
    text: 'after the garbage',
  });
  await session.close();
});

test('one that takes no notice of an interruption, a signal or the end of its input is ended by force', async () => {
  const marker = house.newMarker();
  const session = await start('hang', marker);
  const turn = asking(session, 'hello');
  await turn.seen(isText);
  turn.abort();
  expect(await turn.outcome).toEqual({ kind: 'interrupted', text: 'So far' });
  expect(session.usable).toBe(false);
  expect(await markedProcesses(marker)).toEqual([]);
  await session.close();
});

test.each([
  ['a line', 'one-endless-line', /a line of more than 4 MB/],
  ['a reply', 'endless-reply', /a reply of more than 3000 characters/],
])(
  '%s without an end does not fill the memory: the process is ended, and says why',
  async (_what, behaviour, words) => {
    const marker = house.newMarker();
    const child = new ClaudeChild(marker, { longestLine: 4 * 1024 * 1024 });
    const input = new InputQueue<never>();
    const settings = {
      ...house.settings,
      executable,
      environment: { ...house.settings.environment, HOSTILE: behaviour },
    };
    const place = { directory: await house.directory(), conversation: { kind: 'new' } as const };
    const context = new PromptContext();
    const options = sessionOptions(settings, place, child, marker, context);
    const session = new LiveSession({
      query: query({ prompt: input, options }),
      input,
      child,
      context,
      now: Date.now,
      longestReply: 3_000,
    });
    expect(await ask(session, 'hello')).toMatchObject({
      kind: 'failed',
      failure: { reason: 'claude_crashed', message: expect.stringMatching(words) },
    });
    await session.close();
    expect(await markedProcesses(marker)).toEqual([]);
  },
);

test('what it leaves behind is ended with it, wherever that went', async () => {
  const marker = house.newMarker();
  const session = await start('daemons', marker);
  expect(await ask(session, 'hello')).toMatchObject({ kind: 'completed' });
  const { forked, ...lasting } = await startedProcesses();
  expect(forked).toBeDefined();
  const pids = Object.values(lasting).filter((pid) => pid !== undefined);
  expect(pids).toHaveLength(5);
  for (const pid of pids) expect(await isRunning(pid)).toBe(true);
  // The program itself, four of its children with our environment, and two that left the tree.
  await eventually('all are out', async () => (await markedProcesses(marker)).length >= 7);
  await session.close();
  expect(await markedProcesses(marker)).toEqual([]);
  for (const pid of pids) expect(await isRunning(pid)).toBe(false);
});

test.each(['daemons', 'hidden-child'])(
  'what a crashed one left behind (%s) is ended without being asked',
  async (behaviour) => {
    const marker = house.newMarker();
    const session = await start(behaviour, marker);
    await ask(session, 'hello');
    const { clean } = await startedProcesses();
    if (session.pid !== undefined) process.kill(session.pid, 'SIGKILL');
    await session.ended;
    await eventually('nothing is left', async () => (await markedProcesses(marker)).length === 0);
    await eventually(
      'nor is what hides its marker',
      async () => clean !== undefined && !(await isRunning(clean)),
    );
    expect(session.usable).toBe(false);
  },
);
