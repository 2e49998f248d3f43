import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type InputOf, operations } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { markedProcesses } from './support/claude-processes.ts';
import { eventually } from './support/eventually.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await startTestGateway({ env: { CRON_SHELL_TIMEOUT: '20', SHELL: '/bin/sh' } });
});
afterEach(() => gateway.stop());

type NewJob = InputOf<typeof operations.createCronJob>;

/** A job that does not run by itself during a test. */
async function make(job: Partial<NewJob> & { command: string }): Promise<number> {
  const whole = { name: 'job', cron_expression: '0 0 1 1 *', ...job };
  return (await gateway.client.call(operations.createCronJob, whole)).id;
}
const run = (job_id: number) => gateway.client.call(operations.runCronJob, { job_id });
const job = (job_id: number) => gateway.client.call(operations.getCronJob, { job_id });
const history = (job_id: number, more: { limit?: number; before?: number } = {}) =>
  gateway.client.call(operations.cronHistory, { job_id, ...more });

describe('shell jobs', () => {
  test('run in a directory of their own; output, errors and exit code are kept apart', async () => {
    const id = await make({ command: 'echo out; echo err >&2; pwd; exit 3' });
    const ended = await run(id);
    expect(ended.state).toBe('failed');
    expect(ended.result).toContain('Exit code 3.');
    const [row] = await history(id);
    expect(row).toMatchObject({
      job_id: id,
      success: 0,
      state: 'failed',
      exit_code: 3,
      attempt: 1,
    });
    expect(row).toMatchObject({ trigger: 'manual', scheduled_at: null, stderr: 'err\n' });
    expect(row?.stdout).toMatch(new RegExp(`^out\n.*/sessions/.shell-jobs/${id}\n$`));
    expect(row?.started_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00$/);
    expect(await job(id)).toMatchObject({ last_result: ended.result, failures_in_a_row: 1 });
  });

  test('a command that works is a run that succeeded, whatever it printed', async () => {
    const id = await make({ command: 'echo "ERROR: not really" >&2' });
    expect(await run(id)).toMatchObject({ result: 'ERROR: not really', state: 'succeeded' });
    const [row] = await history(id);
    expect(row).toMatchObject({ success: 1, exit_code: 0 });
  });

  test('one that takes too long is ended with all that it started', async () => {
    const id = await make({
      command: '(setsid sleep 3600 >/dev/null 2>&1 &); echo begun; sleep 3600',
      timeout_seconds: 1,
    });
    expect((await run(id)).state).toBe('timed_out');
    const [row] = await history(id);
    expect(row).toMatchObject({ state: 'timed_out', stdout: 'begun\n', exit_code: null });
    expect(await markedProcesses(gateway.home)).toEqual([]);
  });

  test('the secrets of the gateway are not in its environment, and its own place is', async () => {
    await gateway.stop();
    gateway = await startTestGateway({ env: { METRICS_SECRET: 'hush-hush', SHELL: '/bin/sh' } });
    const id = await make({ command: 'env', bot_id: 'default' });
    const { result } = await run(id);
    expect(result).not.toContain('hush-hush');
    expect(result).toContain(`CRON_JOB_ID=${id}\n`);
  });

  test('an output without an end is cut in the middle', async () => {
    const id = await make({
      command: 'echo first; head -c 3000000 /dev/zero | tr "\\0" x; echo last',
    });
    await run(id);
    const [row] = await history(id);
    expect(row?.stdout?.length).toBeLessThan(70_000);
    expect(row?.stdout).toMatch(/^first\nx+\n… \d+ bytes are left out …\nx+last\n$/);
  });

  test('a shell that is not there is told', async () => {
    const id = await make({ command: 'no-such-program-at-all' });
    expect((await run(id)).result).toMatch(/^Exit code 127\.\n.*not found/);
  });
});

describe('by the clock', () => {
  test('a job runs at its time, once for each', async () => {
    const id = await make({ cron_expression: '* * * * * *', command: 'echo tick' });
    await eventually('it ran three times', async () => (await history(id)).length >= 3);
    const rows = await history(id);
    const times = rows.map(({ scheduled_at }) => scheduled_at);
    expect(new Set(times).size).toBe(times.length);
    expect(rows[0]).toMatchObject({ trigger: 'schedule' });
    expect((await job(id)).next_run_at).not.toBeNull();
  });

  test('one time comes once, and the job stays with its history', async () => {
    const soon = new Date(Date.now() + 2_000).toISOString();
    const id = await make({ cron_expression: `@at ${soon}`, command: 'echo once' });
    await eventually('it ran', async () => (await job(id)).last_result === 'once');
    expect(await job(id)).toMatchObject({ next_run_at: null, running: false, enabled: 1 });
    expect(await history(id)).toHaveLength(1);
    const [once] = await history(id);
    const audited = await gateway.client.call(operations.listAudit, { limit: 1000 });
    const ofJob = audited.filter(({ about }) => about.job_id === String(id));
    expect(ofJob).toMatchObject([
      {
        caller: 'gateway:cron',
        operation: 'runCronJob',
        about: { run_id: String(once?.id) },
        outcome: 'done',
      },
    ]);
  });

  test('a paused job waits, and what it would have run meanwhile is not made up for', async () => {
    const id = await make({ cron_expression: '* * * * * *', command: 'true' });
    await eventually('it ran', async () => (await history(id)).length > 0);
    const paused = await gateway.client.call(operations.pauseCronJob, { job_id: id });
    expect(paused).toMatchObject({ enabled: 0, next_run_at: null });
    const resumed = await gateway.client.call(operations.resumeCronJob, { job_id: id });
    expect(resumed.enabled).toBe(1);
    expect(Date.parse(resumed.next_run_at ?? '')).toBeGreaterThan(Date.now() - 1_000);
  });
});

describe('the contract', () => {
  test('a row, its change, and its end', async () => {
    const id = await make({ name: 'backup', command: 'true', timezone: 'Europe/Berlin' });
    const [row] = await gateway.client.call(operations.listCronJobs, {});
    expect(row).toMatchObject({
      id,
      name: 'backup',
      cron_expression: '0 0 1 1 *',
      command: 'true',
      job_type: 'shell',
      enabled: 1,
      last_run_at: null,
      last_result: null,
      timezone: 'Europe/Berlin',
      bot_id: 'default',
      running: false,
      next_run_at: expect.stringMatching(/-12-31T23:00:00\.000\+00:00$/),
    });
    const changed = await gateway.client.call(operations.updateCronJob, {
      job_id: id,
      enabled: 0,
      name: 'other',
      timezone: null,
    });
    expect(changed).toMatchObject({ name: 'other', enabled: 0, timezone: null, command: 'true' });
    expect(await gateway.client.call(operations.deleteCronJob, { job_id: id })).toEqual({
      deleted: true,
    });
    for (const path of [`${id}`, `${id}/history`]) {
      expect((await gateway.get(`/api/cron/${path}`)).status).toBe(404);
    }
    expect((await gateway.post(`/api/cron/${id}/run`)).status).toBe(404);
  });

  test.each([
    [{ cron_expression: '61 * * * *' }, 'cron_expression', 'the minute "61" is not valid'],
    [{ timezone: 'Mars/Olympus' }, 'timezone', '"Mars/Olympus" is not a time zone'],
    [
      { cron_expression: '@at 2020-01-01T00:00' },
      'cron_expression',
      'no time that is still to come',
    ],
    [{ starts_at: 'tomorrow' }, 'starts_at', '"tomorrow" is not a time'],
    [{ ends_at: '2020-01-01' }, 'ends_at', 'leaves no time to run at'],
    [{ notify_chat_id: '../x' }, 'notify_chat_id', 'must not contain "/"'],
  ])('%j is refused, and says why', async (fault, field, words) => {
    const whole = { name: 'n', cron_expression: '0 9 * * *', command: 'true', ...fault };
    const { status, body } = await gateway.post('/api/cron', whole);
    expect(status).toBe(422);
    const issue = { loc: ['body', field], msg: expect.stringContaining(words) };
    expect(body).toMatchObject({ detail: [issue] });
    expect(await gateway.client.call(operations.listCronJobs, {})).toEqual([]);
  });

  test('a long run can be asked not to be waited for', async () => {
    const id = await make({ command: 'while [ ! -e go ]; do sleep 0.05; done; echo gone' });
    const response = await fetch(`${gateway.url}/api/cron/${id}/run`, {
      method: 'POST',
      headers: { prefer: 'respond-async' },
    });
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ result: '', state: 'queued' });
    await eventually('it runs', async () => (await job(id)).running);
    const other = await make({
      command: `touch ${join(gateway.home, 'sessions/.shell-jobs', String(id), 'go')}`,
    });
    await run(other);
    await eventually('it ended', async () => (await history(id))[0]?.result === 'gone');
  });

  test('the history pages, and keeps as much as it is told to', async () => {
    await gateway.stop();
    gateway = await startTestGateway({ env: { CRON_HISTORY_KEEP: '3', SHELL: '/bin/sh' } });
    const id = await make({ command: 'true' });
    for (let n = 0; n < 5; n += 1) await run(id);
    const first = await history(id, { limit: 2 });
    const next = await history(id, { limit: 2, before: first[1]?.id ?? 0 });
    expect([...first, ...next]).toHaveLength(3);
    expect(first[0]?.id).toBeGreaterThan(first[1]?.id ?? Number.POSITIVE_INFINITY);
  });

  test('a preview in words, in the time of the zone', async () => {
    const found = await gateway.client.call(operations.previewCron, {
      expression: '30 9 * * 1-5',
      timezone: 'Asia/Shanghai',
      n: 3,
    });
    expect(found.next).toHaveLength(3);
    for (const time of found.next) expect(time).toMatch(/T09:30:00\+08:00$/);
    expect(found.words).toEqual({
      en: 'At 09:30, Monday through Friday',
      zh: '在09:30, 星期一至星期五',
    });
    const { status, body } = await gateway.get('/api/cron/preview?expression=0+25+*+*+*');
    expect(status).toBe(422);
    expect(body).toMatchObject({ detail: [{ loc: ['query', 'expression'] }] });
  });

  test('a job that is deleted while it runs is ended', async () => {
    const id = await make({ command: 'sleep 3600' });
    const waiting = run(id);
    await eventually('it runs', async () => (await job(id)).running);
    await gateway.client.call(operations.deleteCronJob, { job_id: id });
    expect((await waiting).state).toBe('stopped');
    expect(await markedProcesses(gateway.home)).toEqual([]);
  });
});

describe('Claude jobs', () => {
  test('are turns, with tokens and cost in the history', async () => {
    const id = await make({ job_type: 'claude', command: '[[text:All quiet.]]' });
    expect(await run(id)).toMatchObject({ result: 'All quiet.', state: 'succeeded' });
    const [row] = await history(id);
    expect(row?.usage?.output_tokens).toBeGreaterThan(0);
    expect(row?.cost_usd).toBeGreaterThan(0);
    const turn = await gateway.client.call(operations.getTurn, { turn_id: row?.turn_id ?? '' });
    expect(turn).toMatchObject({ lane: `cron:${id}`, origin: 'cron', state: 'completed' });
    expect(existsSync(join(gateway.home, 'sessions/default', `cron-${id}`))).toBe(true);
  });

  test.each([
    ['fresh', false],
    ['continued', true],
  ] as const)('a %s session knows the run before: %s', async (session, knows) => {
    const id = await make({ job_type: 'claude', command: 'Tea. [[history]]', session });
    await run(id);
    const second = await run(id);
    expect(second.result.includes('Tea.')).toBe(knows);
  });

  test('one that fails is a failed run', async () => {
    const id = await make({ job_type: 'claude', command: '[[status:413]]' });
    const ended = await run(id);
    expect(ended.state).toBe('failed');
    expect(ended.result).toMatch(/^\[ERROR\] /);
  });

  test('one that takes too long is ended', async () => {
    const id = await make({ job_type: 'claude', command: '[[hang]]', timeout_seconds: 2 });
    expect((await run(id)).state).toBe('timed_out');
  });

  test('runs in parallel each have a session', async () => {
    const id = await make({
      job_type: 'claude',
      command:
        '[[bash:touch begun-$$; while [ $(ls begun-* | wc -l) -lt 2 ]; do sleep 0.05; done]] [[/]] [[text:both]]',
      overlap: 'parallel',
    });
    const ended = await Promise.all([run(id), run(id)]);
    expect(ended.map(({ result }) => result)).toEqual(['both', 'both']);
  });
});

describe('results reach people', () => {
  test('a chat is told through the outbox; running and delivering are two things', async () => {
    const id = await make({ name: 'Backup', command: 'echo 3 files', notify_chat_id: '42' });
    await run(id);
    const [row] = await history(id);
    expect(row).toMatchObject({ state: 'succeeded', delivery: { id: expect.any(String) } });
    const [delivery] = await gateway.client.call(operations.listDeliveries, { source: 'cron' });
    expect(delivery).toMatchObject({
      id: row?.delivery?.id,
      chat_id: '42',
      source: { kind: 'cron', id: String(row?.id) },
      preview: '✅ Backup\n\n3 files',
    });
  });

  test('a Claude job too, in the transaction that ends its turn', async () => {
    const command = '[[text:**All** quiet.]]';
    const id = await make({ name: 'Watch', job_type: 'claude', command, notify_chat_id: '42' });
    await run(id);
    const [delivery] = await gateway.client.call(operations.listDeliveries, { source: 'cron' });
    expect(delivery).toMatchObject({ format: 'markdown', preview: '✅ Watch\n\n**All** quiet.' });
  });

  test('after many failures it is disabled, and an incident says so until somebody has seen it', async () => {
    const id = await make({ command: 'exit 1', alert_after: 2, disable_after: 3 });
    for (let n = 0; n < 3; n += 1) await run(id);
    expect(await job(id)).toMatchObject({ enabled: 0, failures_in_a_row: 3 });
    const open = () => gateway.client.call(operations.listCronIncidents, { open: true });
    expect((await open()).map(({ kind }) => kind)).toEqual(['disabled', 'failing']);
    for (const { id: incident_id } of await open()) {
      const seen = await gateway.client.call(operations.acknowledgeCronIncident, { incident_id });
      expect(seen.acknowledged_at).not.toBeNull();
    }
    expect(await open()).toEqual([]);
  });
});

describe('over a restart', () => {
  test('what was due meanwhile is made up for once', async () => {
    const id = await make({ cron_expression: '* * * * * *', command: 'true', overlap: 'queue' });
    await eventually('it ran', async () => (await history(id)).length > 0);
    await gateway.restart();
    await eventually('it goes on', async () => (await history(id))[0]?.state === 'succeeded');
    const times = (await history(id, { limit: 500 })).map(({ scheduled_at }) => scheduled_at);
    expect(new Set(times).size).toBe(times.length);
  });

  test.each([
    [
      'a shell job',
      '.shell-jobs/',
      { command: 'echo x >> begun; [ $(wc -l < begun) -gt 1 ] || sleep 3600' },
    ],
    [
      'a Claude job',
      'default/cron-',
      {
        job_type: 'claude',
        command: '[[bash:echo x >> begun]] [[/]] [[hang]]',
      },
    ],
  ] as const)(
    '%s that was running is marked, and runs again only where it says so',
    async (_name, place, what) => {
      const once = await make({ ...what });
      const again = await make({ ...what, rerun_after_crash: true, session: 'fresh' });
      for (const job_id of [once, again]) {
        const input = { job_id, prefer: 'respond-async' };
        await gateway.client.call(operations.runCronJob, input);
      }
      const begun = (id: number) => join(gateway.home, `sessions/${place}${id}/begun`);
      for (const id of [once, again]) await eventually('it runs', () => existsSync(begun(id)));
      await gateway.restart();
      expect(await history(once)).toMatchObject([{ state: 'interrupted', attempt: 1, success: 0 }]);
      const state = async () => (await history(again))[0]?.state ?? '';
      await eventually('it goes on', async () => ['running', 'succeeded'].includes(await state()));
    },
    120_000,
  );
});
