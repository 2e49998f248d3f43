import { operations } from '@mini-claude-bot/contract';
import { sampleMetrics } from '@mini-claude-bot/dashboard/sample-metrics';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestGateway } from '../support/test-gateway.ts';
import { apiToken, type FakeVercel, startFakeVercel, teamId } from './fake-vercel.ts';
import { push, startDashboard, type TestDashboard } from './start-dashboard.ts';

const secret = 'secret-of-the-dashboard';

let vercel: FakeVercel;
let dashboard: TestDashboard;
beforeAll(async () => {
  vercel = await startFakeVercel(8 * 1024);
  dashboard = await startDashboard({
    METRICS_SECRET: secret,
    EDGE_CONFIG: vercel.connection,
    VERCEL_API_TOKEN: apiToken,
    VERCEL_TEAM_ID: teamId,
    VERCEL_API_URL: vercel.apiUrl,
    VERCEL: '1',
  });
}, 180_000);
afterAll(async () => {
  await dashboard.stop();
  await vercel.close();
});
beforeEach(() => {
  vercel.items.clear();
  vercel.refuse = undefined;
});

const page = async (): Promise<string> => (await fetch(`${dashboard.url}/en`)).text();

test('what a gateway pushes is kept in the Edge Config, and shown from there', async () => {
  const gateway = await startTestGateway({
    env: { DASHBOARD_PUSH_URL: `${dashboard.url}/api/push`, METRICS_SECRET: secret },
  });
  try {
    await gateway.client.call(operations.addMemory, { key: 'k', content: 'c', category: 'g' });
    expect(await gateway.client.call(operations.pushMetrics, {})).toMatchObject({ pushed: true });
  } finally {
    await gateway.stop();
  }
  expect([...vercel.items.keys()]).toEqual(['dashboard']);
  expect(await page()).toMatch(/>1<!-- --> <small>memories/);
  expect(vercel.requests).toContain('GET /ecfg_abcdefgh12345678/item/dashboard');
  expect(vercel.faults).toEqual([]);
}, 60_000);

test('a year of figures is trimmed to what the store holds, and the answer says by what', async () => {
  const now = Date.now();
  const busy = sampleMetrics(now);
  // Names that are all different can't be made shorter.
  const cron_jobs = Array.from({ length: 80 }, (_, n) => ({
    ...(busy.cron_jobs[n % 6] ?? expect.unreachable()),
    id: n,
    name: `job ${Math.abs(Math.sin(n)).toString(36)}${Math.abs(Math.cos(n)).toString(36)}`,
  }));
  const answer = await push(dashboard, { ...busy, cron_jobs }, secret);
  expect(answer).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(vercel.faults).toEqual([]);
  const shown: unknown = await (await fetch(`${dashboard.url}/api/metrics`)).json();
  expect(shown).toMatchObject({
    metrics: { memory: { count: 214 } },
    left_out: expect.arrayContaining(['tokens by model of days before the last 30']),
  });
  expect(await page()).toContain('Left out to fit into the store');
});

test('an older push is refused, also by what another process wrote', async () => {
  const now = Date.now();
  expect(await push(dashboard, sampleMetrics(now), secret)).toMatchObject({ status: 200 });
  expect(await push(dashboard, sampleMetrics(now - 1), secret)).toMatchObject({ status: 409 });
});

test.each([
  [{ status: 429, retryAfter: '7' }, 429, '7', 'no more writes'],
  [{ status: 403 }, 503, null, 'VERCEL_API_TOKEN'],
  [{ status: 500 }, 503, null, 'status 500'],
] as const)(
  'what Vercel refuses (%o) is told, and nothing is kept',
  async (refuse, status, retryAfter, words) => {
    vercel.refuse = refuse;
    const answer = await push(dashboard, sampleMetrics(Date.now()), secret);
    expect(answer).toMatchObject({
      status,
      retryAfter,
      body: { detail: expect.stringContaining(words) },
    });
    expect(JSON.stringify(answer)).not.toContain(apiToken);
    expect(vercel.items.size).toBe(0);
  },
);

test('what somebody else put there is shown to nobody, and replaced by the next push', async () => {
  vercel.items.set('dashboard', 'br1:bm9uc2Vuc2U=');
  const shown = await page();
  expect(shown).toContain('can&#x27;t be read');
  expect(shown).not.toContain('token-of-the-edge-config');
  expect(await push(dashboard, sampleMetrics(Date.now()), secret)).toMatchObject({ status: 200 });
  expect(await page()).toContain('Scheduled Jobs');
});
