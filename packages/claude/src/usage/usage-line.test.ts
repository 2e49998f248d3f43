import { describe, expect, test } from 'vitest';
import { promptLine, requestLine } from './test-transcript.ts';
import { readUsageLine as readBytes } from './usage-line.ts';

const readUsageLine = (line: string) => readBytes(Buffer.from(line));

describe('a request', () => {
  test('is told with its tokens, and when it was', () => {
    const line = requestLine({
      id: 'msg_7',
      sessionId: 's',
      timestamp: '2026-11-27T17:29:40.606Z',
      input: 3,
      output: 18,
      cacheRead: 10_536,
      cacheWrite: 100,
      cacheWrite1h: 40,
    });
    expect(readUsageLine(line)).toEqual({
      kind: 'request',
      id: 'msg_7',
      sessionId: 's',
      atMs: Date.UTC(2026, 10, 27, 17, 29, 40, 606),
      model: 'claude-opus-5-5',
      tokens: { input: 3, output: 18, cacheRead: 10_536, cacheWrite5m: 60, cacheWrite1h: 40 },
    });
  });

  test('of an older version, which does not say how long the cache is kept', () => {
    const line: { message: { usage: Record<string, unknown> } } = JSON.parse(
      requestLine({ cacheWrite: 100 }),
    );
    line.message.usage.cache_creation = undefined;
    expect(readUsageLine(JSON.stringify(line))).toMatchObject({
      tokens: { cacheWrite5m: 100, cacheWrite1h: 0 },
    });
  });

  test('with figures that are none: they count as nothing', () => {
    const line = requestLine({ output: 5 }).replace('"input_tokens":1', '"input_tokens":"many"');
    expect(readUsageLine(line)).toMatchObject({ tokens: { input: 0, output: 5 } });
  });

  test.each([
    ['no usage', requestLine().replace('"usage"', '"other"')],
    ['no time', requestLine({ timestamp: 'yesterday' })],
    ['no session', requestLine({ sessionId: '' })],
    ['what the program says by itself', requestLine({ model: '<synthetic>' })],
  ])('with %s is none', (_what, line) => {
    expect(readUsageLine(line)).toBe('nothing');
  });
});

describe('a prompt', () => {
  test('is told', () => {
    expect(readUsageLine(promptLine('u1'))).toEqual({
      kind: 'prompt',
      id: 'u1',
      sessionId: 'session-1',
      atMs: Date.UTC(2026, 10, 27, 17, 29, 38, 477),
    });
  });

  test.each([
    [
      "a tool's result",
      { message: { role: 'user', content: [{ type: 'tool_result', content: 'hi' }] } },
    ],
    ['what one agent tells another', { isSidechain: true }],
    ['what the program adds', { isMeta: true }],
    ['a summary of the conversation', { isCompactSummary: true }],
  ])('%s is none', (_what, more) => {
    expect(readUsageLine(promptLine('u1', more))).toBe('nothing');
  });
});

test.each(['{"type":"mode"}', '{}', '{"type":7}', '{"type":"cost-state","totalCostUSD":1}'])(
  '%s says nothing of usage',
  (line) => {
    expect(readUsageLine(line)).toBe('nothing');
  },
);

test('what somebody writes about transcripts is a prompt like any other', () => {
  const content = '{"type":"tool_result"} {"type":"assistant","usage":{}}';
  const line = promptLine('u1', { message: { role: 'user', content } });
  expect(readUsageLine(line.trimEnd())).toMatchObject({ kind: 'prompt', id: 'u1' });
});

test('a line that is written with spaces is read as well', () => {
  const spaced = JSON.stringify(JSON.parse(requestLine()), undefined, 1).replaceAll('\n', '');
  expect(readUsageLine(spaced)).toMatchObject({ kind: 'request', id: 'msg_1' });
});

test.each(['{"type":"assis', '', 'null', '7', '"text"', requestLine().slice(0, -3)])(
  '%j is broken',
  (line) => {
    expect(readUsageLine(line)).toBe('broken');
  },
);
