import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SentDelta } from './journal.ts';
import { endingWith, hang, paced, type ReplyPlan, refuse, reply, text, thinking } from './plan.ts';
import { body, user } from './request-examples.ts';
import { type FakeAnthropic, startFakeAnthropic } from './server.ts';

const headers = { 'x-api-key': 'sk-ant-test', 'anthropic-version': '2023-06-01' };
const ask = body([user('hello')], { stream: true });

let fake: FakeAnthropic;
let plan: ReplyPlan;
let sent: SentDelta[];
beforeEach(async () => {
  plan = reply(thinking('hm hm'), text('hello there'));
  sent = [];
  fake = await startFakeAnthropic({
    script: () => plan,
    keep: 3,
    onDelta: (delta) => sent.push(delta),
  });
});
afterEach(() => fake.close());

const post = (value: unknown = ask, init: RequestInit = {}, path = '/v1/messages') =>
  fetch(`${fake.url}${path}`, {
    method: 'POST',
    headers,
    body: typeof value === 'string' ? value : JSON.stringify(value),
    ...init,
  });

const problem = async (response: Response) => {
  const { error } = await response.json();
  return [response.status, error.type, error.message];
};

describe('a streamed reply', () => {
  test('has the events of the API in their order', async () => {
    const response = await post();
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('request-id')).toMatch(/^req_01/);
    const events = readEvents(await response.text());
    expect(events.map(([type, data]) => data.delta?.type ?? type)).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'thinking_delta',
      'thinking_delta',
      'signature_delta',
      'content_block_stop',
      'content_block_start',
      'text_delta',
      'text_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    expect(events.every(([type, data]) => data.type === type)).toBe(true);
    expect(events.at(-2)?.[1]).toMatchObject({ delta: { stop_reason: 'end_turn' } });
  });

  test('is recorded with the times of its deltas', async () => {
    await (await post()).text();
    const request = await fake.waitForRequest((r) => r.state === 'answered');
    expect(sent.map(({ index, delta }) => [index, delta.type])).toEqual([
      [0, 'thinking_delta'],
      [1, 'thinking_delta'],
      [2, 'signature_delta'],
      [3, 'text_delta'],
      [4, 'text_delta'],
    ]);
    expect(request).toMatchObject({
      number: 1,
      method: 'POST',
      url: '/v1/messages',
      body: ask,
      status: 200,
      deltas: 5,
      firstDeltaAt: sent[0]?.at,
      firstTextAt: sent[3]?.at,
      conversation: { prompt: 'hello' },
    });
    expect(request.headers['x-api-key']).toBe('(api key)');
    const times = [request.receivedAt, request.firstDeltaAt, request.firstTextAt, request.endedAt];
    const ms = times.map((at) => at?.epochMs ?? Number.NaN);
    expect(ms).toEqual(ms.toSorted((a, b) => a - b));
  });

  test('ends at once when the client leaves', async () => {
    plan = paced(reply(text('one two three')), 3_600_000);
    const leave = new AbortController();
    const response = await post(ask, { signal: leave.signal });
    await fake.waitForRequest((r) => r.firstDeltaAt !== undefined);
    leave.abort();
    expect((await fake.waitForRequest((r) => r.state === 'gone')).deltas).toBe(1);
    await expect(response.text()).rejects.toThrow();
  });

  test.each([
    ['a hang', { kind: 'hang' }],
    ['a slow delta', undefined],
  ] as const)('%s does not hold up close()', async (_, ending) => {
    plan = reply(text('one two'));
    plan = ending ? endingWith(plan, ending) : paced(plan, 3_600_000);
    const response = await post();
    await fake.waitForRequest((r) => r.firstDeltaAt !== undefined);
    await fake.close();
    await expect(response.text()).rejects.toThrow();
    expect(fake.requests[0]?.state).toBe('gone');
  });

  test('a cut leaves what was sent, but no end', async () => {
    plan = endingWith(reply(text('half of')), { kind: 'cut' });
    const response = await post();
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toContain('message_start');
    expect((await fake.waitForRequest((r) => r.endedAt !== undefined)).state).toBe('cut');
    plan = endingWith(reply(text('half of')), { kind: 'cut' });
    await expect((await post()).text()).rejects.toThrow();
  });

  test('a malformed event and an error event', async () => {
    plan = endingWith(reply(text('half')), { kind: 'malformed', how: 'json' });
    const broken = (await (await post()).text()).trimEnd().split('\ndata: ').at(-1) ?? '';
    expect(() => JSON.parse(broken)).toThrow();
    const error = { kind: 'error_event', errorType: 'overloaded_error', message: 'Busy' } as const;
    plan = endingWith(reply(text('half')), error);
    const events = readEvents(await (await post()).text());
    expect(events.at(-1)?.[1]).toMatchObject({ type: 'error', error: { message: 'Busy' } });
    // The block stays open: the break came in the middle of it.
    expect(events.map(([type]) => type)).not.toContain('content_block_stop');
  });
});

describe('other replies', () => {
  test('a whole message', async () => {
    const response = await post({ ...ask, stream: false });
    expect(await response.json()).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: ask.model,
      content: [{ type: 'thinking' }, { type: 'text', text: 'hello there' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 2 },
    });
  });

  test.each([
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [413, 'request_too_large'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [529, 'overloaded_error'],
  ])('status %i is a %s', async (status, type) => {
    plan = refuse(status, { headers: { 'retry-after': '1' } });
    const response = await post();
    expect(response.headers.get('retry-after')).toBe('1');
    expect((await problem(response)).slice(0, 2)).toEqual([status, type]);
  });

  test('a hang sends nothing', async () => {
    plan = hang();
    const leave = new AbortController();
    const response = post(ask, { signal: leave.signal });
    const request = await fake.waitForRequest((r) => r.state === 'hanging');
    expect(request.status).toBeUndefined();
    leave.abort();
    await expect(response).rejects.toThrow();
    await fake.waitForRequest((r) => r.state === 'gone');
  });

  test('a cut before the headers', async () => {
    plan = { kind: 'cut' };
    await expect(post()).rejects.toThrow();
    expect((await fake.waitForRequest((r) => r.state === 'cut')).status).toBeUndefined();
  });

  test('a plan that cannot be carried out says so', async () => {
    plan = refuse(500, { headers: { 'x-bad': 'line\nbreak' } });
    expect((await problem(await post())).at(2)).toContain('No reply');
  });

  test('counting tokens, models and HEAD', async () => {
    const { max_tokens: _, ...counted } = ask;
    const count = await post(counted, {}, '/v1/messages/count_tokens');
    expect(await count.json()).toEqual({ input_tokens: 2 });
    const list = await fetch(`${fake.url}/v1/models`, { headers });
    expect((await list.json()).data.length).toBeGreaterThan(0);
    expect((await fetch(fake.url, { method: 'HEAD' })).status).toBe(200);
  });
});

describe('refusals', () => {
  test.each([
    [{ ...ask, model: undefined }, 'model: Field required'],
    [{ ...ask, messages: undefined }, 'messages: Field required'],
    [{ ...ask, max_tokens: undefined }, 'max_tokens: Field required'],
    [{ ...ask, messages: [] }, 'messages: at least one message is required'],
    ['{"model":', 'The request body is not valid JSON'],
    ['', 'The request body is not valid JSON'],
    ['[]', 'body: Input should be a valid dictionary'],
  ])('%j', async (value, message) => {
    expect(await problem(await post(value))).toEqual([400, 'invalid_request_error', message]);
  });

  test('without credentials, and of an unknown path', async () => {
    const response = await post(ask, { headers: { 'anthropic-version': '2023-06-01' } });
    expect((await problem(response)).slice(0, 2)).toEqual([401, 'authentication_error']);
    const bearer = { authorization: 'Bearer x', 'anthropic-version': '2023-06-01' };
    expect((await post(ask, { headers: bearer })).status).toBe(200);
    expect((await problem(await post(ask, {}, '/v1/x')))[0]).toBe(404);
  });

  test('a body over the limit', async () => {
    const value = JSON.stringify(body([user('x'.repeat(32 * 1024 * 1024))]));
    expect((await problem(await post(value))).slice(0, 2)).toEqual([413, 'request_too_large']);
  });
});

describe('the record', () => {
  test('keeps the newest', async () => {
    for (let i = 0; i < 5; i += 1) await (await post()).text();
    expect(fake.requests.map((request) => request.number)).toEqual([3, 4, 5]);
  });

  test('waiting ends with its signal and with the fake', async () => {
    const stop = new AbortController();
    const aborted = fake.waitForRequest(() => false, stop.signal);
    stop.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    const closed = expect(fake.waitForRequest(() => false)).rejects.toThrow('closed');
    await fake.close();
    await closed;
  });
});

test('close() severs connections that are idle', async () => {
  const socket = connect(fake.port, '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  await fake.close();
  await closed;
});

type EventData = { type: string; delta?: { type?: string } };

function readEvents(stream: string): [string, EventData][] {
  return stream
    .trimEnd()
    .split('\n\n')
    .map((event) => {
      const [, type, data] = /^event: (.*)\ndata: (.*)$/.exec(event) ?? [];
      return [type ?? '', JSON.parse(data ?? '')];
    });
}
