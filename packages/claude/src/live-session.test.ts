import { getEventListeners } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { ask, asking, isText, isTool } from '../tests/support/asking.ts';
import { type ClaudeHouse, openClaudeHouse } from '../tests/support/claude-house.ts';
import { eventually, markedProcesses } from '../tests/support/processes.ts';
import { replay } from '../tests/support/replay.ts';
import type { LiveSession } from './live-session.ts';

let house: ClaudeHouse;
let sessions: LiveSession[] = [];
beforeAll(async () => {
  house = await openClaudeHouse();
});
afterEach(async () => {
  await Promise.all(sessions.map((session) => session.close()));
  sessions = [];
});
afterAll(() => house.close());

async function start(marker = house.newMarker()): Promise<LiveSession> {
  const session = await house.start({ marker });
  sessions.push(session);
  return session;
}

/** Until the API has a request with that prompt in that state. */
const requested = (prompt: string, state: string) =>
  house.fake.waitForRequest(
    (request) => request.conversation?.prompt === prompt && request.state === state,
  );

test('serves turn after turn with one process, which remembers', async () => {
  const session = await start();
  expect(await ask(session, 'I like tea. [[text:Noted.]]')).toMatchObject({
    kind: 'completed',
    text: 'Noted.',
    usage: { outputTokens: expect.any(Number) },
    totalCostUsd: expect.any(Number),
  });
  const { pid } = session;
  expect(await ask(session, '[[history]]')).toMatchObject({
    text: '["I like tea. [[text:Noted.]]"]',
  });
  expect(session.pid).toBe(pid);
  expect(session.usable).toBe(true);
});

test('streams: what a reader sees is the outcome’s text, tools and thinking apart', async () => {
  const session = await start();
  const turn = asking(
    session,
    '[[think:Hm.]] [[text:First I look.]] [[bash:echo hi]] [[/]] [[text:It says]] [[result]]',
  );
  const outcome = await turn.outcome;
  expect(outcome.text).toBe('First I look.\n\nIt says\n\nhi');
  expect(replay(turn.events)).toBe(outcome.text);
  expect(turn.events).toContainEqual({ type: 'thinking', text: 'Hm.' });
  expect(turn.events).toContainEqual({ type: 'tool', name: 'Bash', input: 'echo hi' });
  expect(turn.events[0]).toMatchObject({
    type: 'session',
    sessionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    model: expect.stringContaining('claude'),
  });
  expect(turn.events.filter(({ type }) => type === 'restart')).toEqual([]);
});

test.each([
  [
    'cut before a block is complete',
    '[[text:one two]] [[pause:300]] [[cut-mid]] [[times:1]]',
    '',
    'one two',
  ],
  [
    'an error after a complete block',
    '[[text:kept]] [[text:lost]] [[error-mid]] [[times:1]]',
    'kept',
    'kept\n\nAll right.',
  ],
])(
  'a stream that breaks off (%s) is told with what stands, and gone on with',
  async (_what, prompt, kept, text) => {
    const turn = asking(await start(), prompt);
    expect(await turn.outcome).toMatchObject({ kind: 'completed', text });
    expect(turn.events).toContainEqual({ type: 'restart', reason: expect.any(String), kept });
    expect(replay(turn.events)).toBe(text);
  },
);

test.each([
  ['with broken JSON', '[[text:one two]] [[malformed]] [[times:1]]', 'one two'],
  ['with an error', '[[text:one two]] [[error-mid]] [[times:1]]', 'one two'],
])(
  'a stream that ends %s and then comes whole and the same needs no restart',
  async (_what, prompt, text) => {
    const turn = asking(await start(), prompt);
    expect(await turn.outcome).toMatchObject({ kind: 'completed', text });
    expect(replay(turn.events)).toBe(text);
    expect(turn.events.filter(({ type }) => type === 'restart')).toEqual([]);
  },
);

test('what a chat types reaches the model as typed', async () => {
  const session = await start();
  const prompts = [
    '/help',
    '/clear',
    '/no-such-command at all',
    '@/etc/hostname what is this?',
    '!ls',
    '# remember this',
    '  两行\n\n😀 \\n "quoted"  ',
  ];
  for (const prompt of prompts) {
    expect(await ask(session, prompt)).toMatchObject({ kind: 'completed', text: 'All right.' });
    const { conversation, body } = house.fake.requests.at(-1) ?? {};
    expect(conversation?.prompt).toBe(prompt);
    expect(JSON.stringify(body)).not.toContain('Contents of /etc/hostname');
  }
  expect(await ask(session, '[[history]]')).toMatchObject({ text: JSON.stringify(prompts) });
});

test('a message of two megabytes arrives whole', async () => {
  const prompt = `[[text:read]] ${'long '.repeat(400_000)}.`;
  expect(await ask(await start(), prompt)).toMatchObject({ kind: 'completed', text: 'read' });
  expect(house.fake.requests.at(-1)?.conversation?.prompt).toBe(prompt);
});

describe('an interruption', () => {
  test('in mid-stream keeps the text so far, and the session', async () => {
    const session = await start();
    const turn = asking(session, '[[text:So far]] [[hang-mid]]');
    await turn.seen((event) => event.type === 'text' && event.text.includes('far'));
    turn.abort();
    expect(await turn.outcome).toMatchObject({ kind: 'interrupted', text: 'So far' });
    expect(replay(turn.events)).toBe('So far');
    const { pid } = session;
    expect(await ask(session, '[[text:on it goes]]')).toMatchObject({
      kind: 'completed',
      text: 'on it goes',
    });
    expect(session.pid).toBe(pid);
  });

  test('while the API says nothing', async () => {
    const session = await start();
    const turn = asking(session, 'nothing [[hang]]');
    await requested('nothing [[hang]]', 'hanging');
    turn.abort();
    expect(await turn.outcome).toMatchObject({ kind: 'interrupted', text: '' });
    expect(await ask(session, '[[text:well]]')).toMatchObject({ kind: 'completed' });
  });

  test('while a tool runs ends the tool, too', async () => {
    const marker = house.newMarker();
    const session = await start(marker);
    const turn = asking(session, '[[text:I wait]] [[bash:setsid sleep 600]]');
    await turn.seen(isTool);
    await eventually('it sleeps', async () => (await markedProcesses(marker)).length > 1);
    turn.abort();
    expect(await turn.outcome).toMatchObject({ kind: 'interrupted', text: 'I wait' });
    expect(session.usable).toBe(true);
    await eventually(
      'the tool is gone',
      async () => (await markedProcesses(marker)).join() === String(session.pid),
    );
    expect(await ask(session, '[[text:well]]')).toMatchObject({ kind: 'completed' });
  });

  test('that comes before the message has even been sent does not cost the session', async () => {
    const session = await start();
    await ask(session, '[[text:warm]]');
    const turn = asking(session, '[[hang]]');
    turn.abort();
    expect(await turn.outcome).toMatchObject({ kind: 'interrupted' });
    expect(session.usable).toBe(true);
    expect(await ask(session, '[[text:well]]')).toMatchObject({ kind: 'completed', text: 'well' });
  });

  test('in the same moment as any frame, the last too, neither hangs nor costs the session', async () => {
    const session = await start();
    await ask(session, '[[text:warm]]');
    const { pid } = session;
    let frames = Number.POSITIVE_INFINITY;
    for (let at = 1; at <= frames; at += 1) {
      const controller = new AbortController();
      let seen = 0;
      const onFrame = () => {
        seen += 1;
        if (seen === at) controller.abort();
      };
      const outcome = await session.run(
        { prompt: `turn ${at} [[text:one two]]` },
        { onEvent: () => {}, onFrame },
        controller.signal,
      );
      expect(['completed', 'interrupted']).toContain(outcome.kind);
      if (seen < at) frames = seen;
    }
    expect(frames).toBeGreaterThan(5);
    expect(session.pid).toBe(pid);
    expect(await ask(session, '[[text:well]]')).toMatchObject({ kind: 'completed', text: 'well' });
  });

  test('before the start sends nothing', async () => {
    const session = await start();
    const outcome = await session.run(
      { prompt: 'never [[text:x]]' },
      { onEvent: () => {} },
      AbortSignal.abort(),
    );
    expect(outcome).toEqual({ kind: 'interrupted', text: '' });
    expect(await ask(session, '[[history]]')).toMatchObject({ text: '[]' });
  });

  test('of a frozen process ends it by force', async () => {
    const marker = house.newMarker();
    const session = await start(marker);
    const turn = asking(session, '[[text:So far]] [[hang-mid]]');
    await turn.seen(isText);
    if (session.pid !== undefined) process.kill(session.pid, 'SIGSTOP');
    turn.abort();
    expect(await turn.outcome).toMatchObject({
      kind: 'interrupted',
      text: expect.stringMatching(/^So/),
    });
    expect(session.usable).toBe(false);
    await session.close();
    expect(await markedProcesses(marker)).toEqual([]);
  });
});

describe('closing', () => {
  const daemons =
    '[[bash:setsid sleep 600 >/dev/null 2>&1 & nohup sleep 600 >/dev/null 2>&1 & (setsid sleep 600 >/dev/null 2>&1 &); echo out]]';

  test('ends the process and all that its tools left behind', async () => {
    const marker = house.newMarker();
    const session = await start(marker);
    await ask(session, daemons);
    await eventually('all are out', async () => (await markedProcesses(marker)).length >= 4);
    await session.close();
    expect(await markedProcesses(marker)).toEqual([]);
    expect(await ask(session, 'hello?')).toEqual({ kind: 'interrupted', text: '' });
  });

  test('ends a running turn as interrupted, whoever asks and how often', async () => {
    const marker = house.newMarker();
    const session = await start(marker);
    const turn = asking(session, '[[text:So far]] [[bash:sleep 600]]');
    await turn.seen(isTool);
    turn.abort();
    await Promise.all([session.close(), session.close()]);
    expect(await turn.outcome).toMatchObject({ kind: 'interrupted', text: 'So far' });
    expect(await markedProcesses(marker)).toEqual([]);
  });

  test('at once after the start leaves nothing', async () => {
    const marker = house.newMarker();
    const session = await start(marker);
    await session.close();
    expect(await markedProcesses(marker)).toEqual([]);
  });
});

test('a process killed in mid-turn: the turn fails, its text is kept, its tools are ended', async () => {
  const marker = house.newMarker();
  const session = await start(marker);
  const turn = asking(session, '[[text:So far]] [[bash:sleep 600]]');
  await turn.seen(isTool);
  await eventually('it sleeps', async () => (await markedProcesses(marker)).length > 1);
  if (session.pid !== undefined) process.kill(session.pid, 'SIGKILL');
  expect(await turn.outcome).toMatchObject({
    kind: 'failed',
    text: 'So far',
    failure: { reason: 'claude_killed' },
  });
  await eventually('nothing is left', async () => (await markedProcesses(marker)).length === 0);
});

test('one turn at a time', async () => {
  const session = await start();
  const turn = asking(session, '[[text:one]]');
  expect(session.busy).toBe(true);
  await expect(session.run({ prompt: 'two' }, { onEvent: () => {} })).rejects.toThrow(
    'a turn is running',
  );
  expect(await turn.outcome).toMatchObject({ kind: 'completed', text: 'one' });
  expect(session.busy).toBe(false);
});

test('an observer that throws ends the turn and gets its error back, and the session goes on', async () => {
  const session = await start();
  const fault = new Error('the disk is full');
  const onEvent = () => {
    throw fault;
  };
  await expect(session.run({ prompt: '[[text:So far]] [[hang-mid]]' }, { onEvent })).rejects.toBe(
    fault,
  );
  expect(await ask(session, '[[text:well]]')).toMatchObject({ kind: 'completed', text: 'well' });
});

test('turns leave no listener on their signal', async () => {
  const session = await start();
  const { signal } = new AbortController();
  for (const prompt of ['[[text:one]]', '[[status:404]]']) {
    await session.run({ prompt }, { onEvent: () => {} }, signal);
  }
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('sessions leave no pipe, process or listener in this program', async () => {
  const held = () => ({
    resources: process
      .getActiveResourcesInfo()
      .filter((name) => name === 'PipeWrap' || name === 'ProcessWrap').length,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  });
  const before = held();
  for (const prompt of ['[[text:one]]', '[[bash:setsid sleep 600 & echo out]]']) {
    const session = await house.start();
    await ask(session, prompt);
    await session.close();
  }
  await eventually(
    'all is given back',
    async () => JSON.stringify(held()) === JSON.stringify(before),
  );
});
