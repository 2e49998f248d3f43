import { execFile } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Metrics, operations } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { bearer } from './support/raw-request.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

const secret = 'secret-of-the-dashboard';

let dashboard: Server;
/** What the dashboard got, newest last. */
const pushed: { readonly authorization: string | undefined; readonly body: string }[] = [];
let gateway: TestGateway;
beforeAll(async () => {
  dashboard = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text;
    });
    request.on('end', () => {
      pushed.push({ authorization: request.headers.authorization, body });
      response.writeHead(200).end();
    });
  });
  await new Promise<void>((resolve) => dashboard.listen(0, '127.0.0.1', resolve));
  const { port } = dashboard.address() as AddressInfo;
  gateway = await startTestGateway({
    env: {
      MCB_TIMEZONE: 'Asia/Shanghai',
      DASHBOARD_PUSH_URL: `http://127.0.0.1:${port}/api/push`,
      METRICS_SECRET: secret,
    },
  });
});
afterAll(async () => {
  await gateway.stop();
  await new Promise((resolve) => dashboard.close(resolve));
});

const refreshed = async (): Promise<Metrics> => {
  await gateway.client.call(operations.refreshMetrics, {});
  return gateway.client.call(operations.getMetrics, {});
};

const transcript = (): string =>
  join(gateway.home, '.claude', 'projects', '-home-me-elsewhere', 'by-hand.jsonl');

/** A request that somebody made with Claude Code on this machine, not through the gateway. */
const foreignRequest = (id: string, model = 'claude-sonnet-4-5'): string =>
  `${JSON.stringify({
    type: 'assistant',
    sessionId: 'by-hand',
    timestamp: '2026-01-01T17:30:00.000Z',
    message: { id, model, usage: { input_tokens: 1_000_000, output_tokens: 100_000 } },
  })}\n`;

test("a turn's usage and cost are told, as Claude Code counts them", async () => {
  const before = await refreshed();
  expect(before.claude_usage).toMatchObject({ total_requests: 0, cost: { total_usd: 0 } });
  await gateway.client.call(operations.sendMessage, {
    chat_id: '1',
    message: '[[bash:echo hi]] [[/]] [[text:done]]',
  });
  const [turn] = await gateway.client.call(operations.listTurns, {});
  const { claude_usage, chat } = await refreshed();
  expect(turn?.cost_usd).toBeGreaterThan(0);
  expect(claude_usage).toMatchObject({
    total_sessions: 1,
    total_messages: 3,
    total_requests: 2,
    cost: { other_usd: 0, unknown_models: [], price_fault: null },
  });
  expect(claude_usage.cost.own_usd).toBeCloseTo(turn?.cost_usd ?? 0, 3);
  const [usage] = Object.values(claude_usage.model_usage);
  expect(usage).toMatchObject({ ...turn?.usage, requests: 2 });
  // The built-in prices are those that Claude Code itself counts with.
  expect(usage?.cost_usd).toBeCloseTo(turn?.cost_usd ?? 0, 3);
  expect(chat).toMatchObject({ session_count: 1, message_count: 2 });
}, 60_000);

test('what was done without the gateway is told too, on days of the owner, by the price table', async () => {
  mkdirSync(dirname(transcript()), { recursive: true });
  writeFileSync(transcript(), foreignRequest('m1'));
  const { claude_usage: before } = await refreshed();
  expect(before.cost.other_usd).toBeCloseTo(3 + 1.5);
  // Half past five in London is the next day in Shanghai.
  expect(before.first_session_date).toBe('2026-01-02');
  appendFileSync(transcript(), `${foreignRequest('m2', 'llama-9')}{"broken\n`);
  const { claude_usage: after } = await refreshed();
  expect(after.total_requests).toBe(before.total_requests + 1);
  expect(after.cost).toMatchObject({
    other_usd: before.cost.other_usd,
    unknown_models: ['llama-9'],
  });
  expect(after.transcripts.broken_lines).toBe(1);
});

test('nothing is counted twice after a restart, and what is gone stays counted', async () => {
  const before = await refreshed();
  await gateway.restart();
  writeFileSync(transcript(), foreignRequest('m1'));
  const after = await refreshed();
  expect({ ...after.claude_usage, transcripts: 0 }).toEqual({
    ...before.claude_usage,
    transcripts: 0,
  });
});

test('prices are read anew each time, and a table that can not be used is told', async () => {
  const prices = join(gateway.home, '.mini-claude-bot', 'prices.json');
  const rates = { input: 1, output: 1, cache_read: 1, cache_write_5m: 1, cache_write_1h: 1 };
  writeFileSync(prices, JSON.stringify({ 'llama-9': rates }));
  const { cost } = (await refreshed()).claude_usage;
  expect(cost).toMatchObject({ unknown_models: [], price_fault: null });
  expect(cost.other_usd).toBeCloseTo(4.5 + 1.1);
  writeFileSync(prices, '{');
  const { cost: then } = (await refreshed()).claude_usage;
  expect(then.unknown_models).toEqual(['llama-9']);
  expect(then.price_fault).toContain('price table');
});

test('what was collected is kept in a file, for its owner alone', async () => {
  const metrics = await refreshed();
  const file = join(gateway.home, '.mini-claude-bot', 'metrics-cache.json');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(metrics);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('whoever asks at the same time gets the same', async () => {
  const times = await Promise.all(
    Array.from({ length: 5 }, () => gateway.client.call(operations.refreshMetrics, {})),
  );
  expect(new Set(times.map(({ timestamp }) => timestamp)).size).toBe(1);
});

test('as the old system was asked: without a body', async () => {
  const response = await fetch(`${gateway.url}/api/metrics/refresh`, { method: 'POST' });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ status: 'ok', timestamp: expect.any(String) });
});

describe('who may see them', () => {
  const places = [
    ['GET', '/api/metrics'],
    ['POST', '/api/metrics/refresh'],
    ['POST', '/api/metrics/push'],
    ['GET', '/metrics'],
  ] as const;

  test.each(places)('%s %s is for the owner', async (method, path) => {
    const name = `${method}${path.replaceAll('/', '-')}`;
    const make = async (bot_id?: string) =>
      (
        await gateway.client.call(operations.createToken, {
          name: `${name}${bot_id === undefined ? '' : '-bot'}`,
          bot_id,
        })
      ).token;
    const ask = async (headers: Record<string, string>) =>
      (await fetch(gateway.url + path, { method, headers })).status;
    expect(await ask(bearer(await make('hero')))).toBe(403);
    expect(await ask(bearer('mcb_wrong'))).toBe(401);
    expect(await ask({ 'x-forwarded-for': '203.0.113.7' })).toBe(401);
    expect(await ask(bearer(await make()))).toBe(200);
  });
});

const run = (...words: string[]) =>
  promisify(execFile)(
    process.execPath,
    [
      fileURLToPath(new URL('../packages/gateway/bin/mini-claude-bot.js', import.meta.url)),
      ...words,
      ...['--url', gateway.url],
    ],
    { cwd: gateway.home, env: { PATH: process.env.PATH, HOME: gateway.home } },
  );

/** The job that pushes by itself. */
const pushJob = async () =>
  (await gateway.client.call(operations.listCronJobs, {})).find(
    ({ command }) => command === 'metrics push',
  );

const prometheus = async (): Promise<string> => {
  const response = await fetch(`${gateway.url}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  return response.text();
};

test('Prometheus is told of turns', async () => {
  const count = async (state: string): Promise<number> =>
    Number(
      new RegExp(`^mcb_turns_total\\{state="${state}",origin="chat"\\} (\\d+)`, 'm').exec(
        await prometheus(),
      )?.[1] ?? 0,
    );
  const before = await count('completed');
  await gateway.client.call(operations.sendMessage, { chat_id: '2', message: '[[text:hi]]' });
  expect(await count('completed')).toBe(before + 1);
  await gateway.client.call(operations.sendMessage, { chat_id: '2', message: '[[status:400]]' });
  expect(await count('failed')).toBe(1);
  const text = await prometheus();
  expect(text).toMatch(/^mcb_turn_first_text_seconds_count\{origin="chat"\} [1-9]/m);
  expect(text).toMatch(/^mcb_turn_tokens_total\{kind="output"\} [1-9]/m);
  expect(text).toMatch(/^mcb_claude_processes\{state="idle"\} [1-9]/m);
  expect(text).toMatch(/^mcb_claude_processes_memory_bytes [1-9]\d{6}/m);
}, 60_000);

test('Prometheus is told of jobs and searches', async () => {
  const jobs = async (): Promise<number> =>
    Number(/^mcb_cron_runs_total\{outcome="failed"\} (\d+)/m.exec(await prometheus())?.[1] ?? 0);
  const before = await jobs();
  const { id } = await gateway.client.call(operations.createCronJob, {
    name: 'fails',
    cron_expression: '@yearly',
    command: 'exit 1',
  });
  await gateway.client.call(operations.runCronJob, { job_id: id });
  expect(await jobs()).toBe(before + 1);
  await gateway.client.call(operations.deleteCronJob, { job_id: id });
  await gateway.client.call(operations.searchChat, { q: 'done' });
  const text = await prometheus();
  expect(text).toMatch(/^mcb_cron_run_seconds_count\{job_type="shell"\} [1-9]/m);
  expect(text).toMatch(/^mcb_search_seconds_count\{mode="text"\} [1-9]/m);
});

test('tasks in the background are told, while they run and when they have ended', async () => {
  await gateway.client.call(operations.startTask, {
    chat_id: 'canary-chat',
    bot_id: 'canary-bot',
    message: 'canary-task [[delay:1500]] [[text:canary-result-of-task]]',
  });
  expect((await refreshed()).harness.running_jobs).toMatchObject([
    { bot_id: 'canary-bot', chat_id: 'canary-chat', bg_status: 'running', chain_depth: 0 },
  ]);
  const ended = await eventually('the task ended', async () => {
    const { harness } = await refreshed();
    return harness.running_jobs.length === 0 && harness.completed_jobs;
  });
  expect(ended).toMatchObject([{ chat_id: 'canary-chat', bg_status: 'completed', harness: null }]);
}, 60_000);

describe('the job that pushes', () => {
  test('is there by itself, and pushes', async () => {
    const job = await pushJob();
    expect(job).toMatchObject({
      job_type: 'gateway',
      cron_expression: '*/5 * * * *',
      enabled: 1,
      next_run_at: expect.any(String),
    });
    const before = pushed.length;
    const ran = await gateway.client.call(operations.runCronJob, { job_id: job?.id ?? 0 });
    expect(ran).toMatchObject({ state: 'succeeded', result: 'The dashboard has them.' });
    expect(pushed.length).toBeGreaterThan(before);
    expect(pushed.at(-1)?.authorization).toBe(`Bearer ${secret}`);
    expect(await prometheus()).toMatch(/^mcb_cron_run_seconds_count\{job_type="gateway"\} [1-9]/m);
  });

  test('stays as its owner has changed it, and is not made again when they delete it', async () => {
    const job_id = (await pushJob())?.id ?? 0;
    await gateway.client.call(operations.updateCronJob, { job_id, cron_expression: '@hourly' });
    await gateway.restart();
    expect(await pushJob()).toMatchObject({ id: job_id, cron_expression: '@hourly' });
    await gateway.client.call(operations.deleteCronJob, { job_id });
    await gateway.restart();
    expect(await pushJob()).toBeUndefined();
  });

  test('comes back when they ask for it', async () => {
    const words = ['push', '*/5 * * * *', 'metrics', 'push'];
    await expect(run('cron', 'add', '--gateway', '--claude', ...words)).rejects.toThrow('--claude');
    await run('cron', 'add', '--gateway', ...words);
    const job = await pushJob();
    expect(job).toMatchObject({ name: 'push', job_type: 'gateway', bot_id: 'default' });
    const ran = await run('cron', 'run', String(job?.id));
    expect(ran.stdout).toContain('The dashboard has them.');
  });
});

describe('canaries', () => {
  beforeAll(async () => {
    await gateway.client.call(operations.sendMessage, {
      bot_id: 'canary-bot',
      chat_id: 'canary-chat',
      user_id: 'canary-user',
      username: 'canary-username',
      message: 'canary-prompt [[bash:echo canary-command]] [[/]] [[text:canary-answer]]',
    });
    const database = new Sqlite(join(gateway.home, 'gateway.db'));
    database
      .prepare(`INSERT INTO memory (key, content, category, created_at, updated_at)
        VALUES ('canary-key', 'canary-content', 'canary-category', '2026-01-01', '2026-01-01')`)
      .run();
    database
      .prepare(`INSERT INTO cron_jobs (name, cron_expression, command, last_result, created_at, updated_at)
        VALUES ('nightly backup', '0 3 * * *', 'canary-cron-command', 'canary-result', 'x', 'x')`)
      .run();
    database
      .prepare(`INSERT INTO deliveries (id, bot_id, chat_id, source_kind, source_id, text, format, state, created_at_ms)
        VALUES ('2673b7d0-d15a-40c2-9830-44bf53af7079', 'canary-bot', 'canary-chat', 'cron', 'canary-job',
          'canary-text', 'plain', 'dead', 1)`)
      .run();
    database.close();
  });

  test('the owner sees them', async () => {
    const text = JSON.stringify(await refreshed());
    for (const canary of ['canary-key', 'canary-content', 'canary-result'])
      expect(text).toContain(canary);
  });

  test('Prometheus does not', async () => {
    const text = await prometheus();
    expect(text).toMatch(/^mcb_deliveries\{state="dead"\} [1-9]/m);
    expect(text).not.toContain('canary');
    expect(text).not.toContain(gateway.home);
  });

  test('nobody who sees the dashboard does', async () => {
    const { stdout, stderr } = await run('metrics', 'push');
    expect({ stdout, stderr }).toEqual({ stdout: 'The dashboard has them.\n', stderr: '' });
    const last = pushed.at(-1);
    expect(last?.authorization).toBe(`Bearer ${secret}`);
    expect(last?.body).toContain('nightly backup');
    expect(JSON.parse(last?.body ?? '')).toMatchObject({
      memory: { count: 1 },
      claude_usage: { total_requests: expect.any(Number) },
    });
    expect(last?.body).not.toContain('canary');
    expect(last?.body).not.toContain(gateway.home);
    expect(last?.body).not.toContain(secret);
  });

  test('unless the owner lists that field', async () => {
    await gateway.restart({ PUBLIC_FIELDS: 'memory.items.key' });
    expect(JSON.parse((await run('metrics', 'push', '--json')).stdout)).toMatchObject({
      pushed: true,
      attempts: 1,
    });
    expect(pushed.at(-1)?.body).toContain('canary-key');
    expect(pushed.at(-1)?.body).not.toMatch(/canary-(?!key)/);
  });

  test('a push that has nowhere to go says what to set', async () => {
    await gateway.restart({ DASHBOARD_PUSH_URL: '' });
    const failed = run('metrics', 'push');
    await expect(failed).rejects.toMatchObject({ code: 1, stdout: '' });
    await expect(failed).rejects.toThrow('DASHBOARD_PUSH_URL');
  });

  test('from a terminal the owner sees all', async () => {
    expect(JSON.parse((await run('metrics', 'show')).stdout)).toMatchObject({
      memory: { count: 1 },
    });
  });
});
