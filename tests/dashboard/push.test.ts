import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sampleMetrics } from '@mini-claude-bot/dashboard/sample-metrics';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { push, startDashboard, type TestDashboard } from './start-dashboard.ts';

const secret = 'secret-of-the-dashboard';
let now = Date.now() - 3600_000;
/** Each newer than the one before it. */
const next = () => {
  now += 1000;
  return sampleMetrics(now);
};

let dashboard: TestDashboard;
beforeAll(async () => {
  dashboard = await startDashboard({ METRICS_SECRET: secret });
}, 180_000);
afterAll(() => dashboard.stop());

const stored = (): Promise<string> => readFile(dashboard.file, 'utf8');

test('a push is kept in a file that its owner alone can read', async () => {
  expect(await (await fetch(`${dashboard.url}/api/metrics`)).json()).toEqual({
    detail: 'Nothing was pushed yet.',
  });
  const metrics = next();
  expect(await push(dashboard, metrics, secret)).toMatchObject({
    status: 200,
    body: { status: 'ok', timestamp: metrics.timestamp, left_out: [] },
  });
  expect((await stat(dashboard.file)).mode & 0o777).toBe(0o600);
  expect(await readdir(dirname(dashboard.file))).toEqual(['dashboard.json']);
});

describe('what is refused changes nothing', () => {
  const cases: readonly [string, unknown, string | undefined, number][] = [
    ['without the secret', next(), undefined, 401],
    ['with a wrong secret', next(), `${secret}x`, 401],
    ['that is no JSON', '{', secret, 400],
    ['with a part missing', { ...next(), system: undefined }, secret, 400],
    ['with a count below zero', { ...next(), memory: { count: -1 } }, secret, 400],
    ['from the future', sampleMetrics(Date.now() + 3600_000), secret, 400],
    ['that is older', sampleMetrics(now - 3600_000), secret, 409],
    ['that is too long', { ...next(), more: 'x'.repeat(3_000_000) }, secret, 413],
  ];
  test.each(cases)('a push %s', async (_, body, given, status) => {
    const before = await stored();
    const answer = await push(dashboard, body, given);
    expect(answer).toMatchObject({ status, body: { detail: expect.any(String) } });
    expect(JSON.stringify(answer)).not.toContain(secret);
    expect(await stored()).toBe(before);
  });
});

test('a push that comes again is answered as the first time', async () => {
  const metrics = next();
  await push(dashboard, metrics, secret);
  const before = await stored();
  expect(await push(dashboard, metrics, secret)).toMatchObject({ status: 200 });
  expect(await stored()).toBe(before);
});

test('of pushes at the same time none is lost: the newest stays', async () => {
  const several = Array.from({ length: 12 }, next);
  const answers = await Promise.all(
    several.toReversed().map((one) => push(dashboard, one, secret)),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
  expect(await stored()).toContain(several.at(-1)?.timestamp);
});

test('fields that nobody knows are not kept', async () => {
  const metrics = next();
  const more = { ...metrics, prompts: ['canary'], system: { ...metrics.system, secret: 'canary' } };
  expect(await push(dashboard, more, secret)).toMatchObject({ status: 200 });
  expect(await stored()).not.toContain('canary');
});

test('an unchanged page costs no answer', async () => {
  const first = await fetch(`${dashboard.url}/api/metrics`);
  const etag = first.headers.get('etag') ?? '';
  const ask = async () =>
    (await fetch(`${dashboard.url}/api/metrics`, { headers: { 'if-none-match': etag } })).status;
  expect(await ask()).toBe(304);
  await push(dashboard, next(), secret);
  expect(await ask()).toBe(200);
});

test('a broken file is set aside by the next push', async () => {
  await writeFile(dashboard.file, '{"half":');
  expect((await fetch(`${dashboard.url}/api/metrics`)).status).toBe(503);
  expect(await push(dashboard, next(), secret)).toMatchObject({ status: 200 });
  expect((await readdir(dirname(dashboard.file))).toSorted()).toEqual([
    'dashboard.json',
    'dashboard.json.broken',
  ]);
});

test('a file that can not be written is told', async () => {
  await mkdir(`${dashboard.file}.new`);
  try {
    expect(await push(dashboard, next(), secret)).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('EISDIR') },
    });
  } finally {
    await rmdir(`${dashboard.file}.new`);
  }
});

test('without a secret of its own it takes nothing, and a setting that can not be used is named', async () => {
  const other = await startDashboard({});
  try {
    expect(await push(other, next(), secret)).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('METRICS_SECRET') },
    });
  } finally {
    await other.stop();
  }
  const wrong = await startDashboard({ METRICS_SECRET: secret, DASHBOARD_STALE_MINUTES: 'soon' });
  try {
    expect(await push(wrong, next(), secret)).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('DASHBOARD_STALE_MINUTES') },
    });
    expect(await (await fetch(wrong.url)).text()).toContain('DASHBOARD_STALE_MINUTES');
  } finally {
    await wrong.stop();
  }
}, 60_000);
