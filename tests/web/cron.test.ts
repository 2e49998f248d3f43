import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CronJobId, type InputOf, operations } from '@mini-claude-bot/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { lacks } from '../support/needs.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { type PastRun, writeHistory } from './job-history.ts';
import { accessFaults, chromiumPath, type Look, type OpenPage, PageRig } from './page-rig.ts';

const patience = 120_000;

describe.skipIf(lacks(chromiumPath))('the page of jobs', () => {
  let gateway: TestGateway;
  let rig: PageRig;
  beforeAll(async () => {
    // The gateway makes a job of its own where metrics have somewhere to go; nobody is there.
    const env = { DASHBOARD_PUSH_URL: 'http://127.0.0.1:9', METRICS_SECRET: 'x'.repeat(40) };
    [gateway, rig] = await Promise.all([startTestGateway({ env }), PageRig.start()]);
  }, patience);
  afterEach(() => rig.closePages());
  afterAll(async () => {
    await rig?.close();
    await gateway?.stop();
  });

  const open = (path: string, look?: Look): Promise<OpenPage> => rig.open(gateway.url + path, look);
  const make = async (
    job: Partial<InputOf<typeof operations.createCronJob>> & { name: string },
  ): Promise<CronJobId> => {
    const usual = { cron_expression: '0 3 1 1 *', command: 'true' };
    return (await gateway.client.call(operations.createCronJob, { ...usual, ...job })).id;
  };
  const fill = (page: Page, label: string, text: string): Promise<void> =>
    page.getByLabel(label, { exact: true }).fill(text);
  const preview = (page: Page) => page.getByRole('region', { name: 'The next five runs' });

  test(
    'a job is made, with its times in words and the next five of them in the chosen zone',
    async () => {
      const { page, complaints } = await open('/cron');
      await page.getByRole('button', { name: 'New job' }).first().click();
      await page.waitForURL(/\/cron\/new$/);
      await fill(page, 'Name', 'Made on the page');
      await page.getByRole('radio', { name: /Command/ }).check({ force: true });
      await fill(page, 'Command', 'echo from the page');
      await page.getByRole('button', { name: 'Workdays' }).click();
      await fill(page, 'Times', '30 18 * * 1-5');
      await fill(page, 'Time zone', 'Asia/Shanghai');
      await preview(page).getByText('18:30, Monday through Friday').waitFor();
      await preview(page).getByText('Asia/Shanghai').waitFor();
      const times = preview(page).locator('time');
      expect(await times.count()).toBe(5);
      expect(await times.first().textContent()).toContain('18:30');
      expect(await times.first().getAttribute('datetime')).toContain('T18:30:00+08:00');
      expect(await accessFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Make the job' }).click();
      await page.getByRole('heading', { name: 'Made on the page' }).waitFor();
      const jobs = await gateway.client.call(operations.listCronJobs, {});
      expect(jobs.find(({ name }) => name === 'Made on the page')).toMatchObject({
        job_type: 'shell',
        command: 'echo from the page',
        cron_expression: '30 18 * * 1-5',
        timezone: 'Asia/Shanghai',
      });
      expect(complaints).toEqual([]);
    },
    patience,
  );

  test(
    'what is wrong stands at its field, and nothing is made of it',
    async () => {
      const before = (await gateway.client.call(operations.listCronJobs, {})).length;
      const { page } = await open('/cron/new');
      await page.getByRole('button', { name: 'Make the job' }).click();
      await page.getByText('Give it a name.').waitFor();
      const name = page.getByLabel('Name', { exact: true });
      expect(await name.getAttribute('aria-invalid')).toBe('true');
      expect(await name.evaluate((field) => field === document.activeElement)).toBe(true);
      await page.getByText('Say what is to be done.').waitFor();
      await fill(page, 'Name', 'n');
      await fill(page, 'What Claude is told', 'hi');
      // As it is typed: of the preview.
      await fill(page, 'Times', '99 * * * *');
      const times = page.getByLabel('Times', { exact: true });
      await page.locator('[aria-invalid=true]').waitFor();
      expect(await times.getAttribute('aria-invalid')).toBe('true');
      await fill(page, 'Times', '0 9 * * *');
      await fill(page, 'Time zone', 'Mars/Olympus');
      await page
        .getByText(/Mars\/Olympus/)
        .first()
        .waitFor();
      await fill(page, 'Time zone', 'UTC');
      await page.locator('[aria-invalid=true]').waitFor({ state: 'detached' });
      // In the part that is folded, by the gateway.
      await page.getByText('More settings').click();
      await fill(page, 'Tries after a failure', '21');
      await page.getByText('More settings').click();
      await page.getByRole('button', { name: 'Make the job' }).click();
      const retries = page.getByLabel('Tries after a failure');
      await eventually('the field is open, wrong and chosen', async () =>
        retries.evaluate(
          (field) =>
            field === document.activeElement && field.getAttribute('aria-invalid') === 'true',
        ),
      );
      expect((await gateway.client.call(operations.listCronJobs, {})).length).toBe(before);
    },
    patience,
  );

  test(
    'a job is changed: what was not touched stays as somebody else has left it',
    async () => {
      const id = await make({ name: 'to be changed', retries: 1 });
      const { page } = await open(`/cron/${id}`);
      await page.getByRole('button', { name: 'What can be done with this job' }).click();
      await page.getByRole('menuitem', { name: 'Edit' }).click();
      await page.waitForURL(/\/edit$/);
      await fill(page, 'Name', 'changed');
      await gateway.client.call(operations.updateCronJob, { job_id: id, retries: 5 });
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'changed' }).waitFor();
      const job = await gateway.client.call(operations.getCronJob, { job_id: id });
      expect(job).toMatchObject({ name: 'changed', retries: 5 });
    },
    patience,
  );

  test(
    'it is switched off and on, and deleted only after a question',
    async () => {
      const id = await make({ name: 'switched' });
      const { page } = await open(`/cron/${id}`);
      const isEnabled = async (): Promise<0 | 1> =>
        (await gateway.client.call(operations.getCronJob, { job_id: id })).enabled;
      const toggle = page.getByRole('switch', { name: 'Runs by itself' });
      await toggle.click();
      await page.getByText('Paused').first().waitFor();
      expect(await isEnabled()).toBe(0);
      await toggle.click();
      await page.getByText('Not run yet').first().waitFor();
      expect(await isEnabled()).toBe(1);
      const remove = async (): Promise<void> => {
        await page.getByRole('button', { name: 'What can be done with this job' }).click();
        await page.getByRole('menuitem', { name: /Delete/ }).click();
      };
      await remove();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
      expect(await isEnabled()).toBe(1);
      await remove();
      expect(await accessFaults(page)).toEqual([]);
      await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('The job is deleted.').waitFor();
      await expect(isEnabled()).rejects.toMatchObject({ code: 'not_found' });
      await page.goto(`${gateway.url}/cron/${id}`);
      await page.getByText('This job is not there').waitFor();
    },
    patience,
  );

  test(
    'run now shows the output as it comes, and then what became of it',
    async () => {
      const flag = join(gateway.home, 'go-on');
      const command = `echo the first line; until [ -e '${flag}' ]; do sleep 0.1; done; echo oh no >&2; exit 3`;
      const id = await make({ name: 'streams', command });
      const { page } = await open(`/cron/${id}`);
      await page.getByRole('button', { name: 'Run now' }).click();
      await page.waitForURL(/\?run=\d+/);
      await page.getByRole('log', { name: 'As it comes' }).getByText('the first line').waitFor();
      expect(existsSync(flag)).toBe(false);
      writeFileSync(flag, '');
      await page.getByRole('log', { name: 'Error output' }).getByText('oh no').waitFor();
      await page.getByText('exit code 3', { exact: true }).waitFor();
      await page.getByText('Failing').first().waitFor();
      expect(await accessFaults(page)).toEqual([]);
    },
    patience,
  );

  test(
    'a job of Claude answers in Markdown, with its steps and its cost; the list says how it went',
    async () => {
      const command = '[[bash:echo a tool]] [[/]] [[text:**All** is _well_]]';
      const id = await make({ name: 'asks Claude', job_type: 'claude', command });
      const { page } = await open(`/cron/${id}`);
      await page.getByText('Not run yet').first().waitFor();
      await page.getByRole('button', { name: 'Run now' }).click();
      await page.locator('.markdown strong', { hasText: 'All' }).waitFor();
      await page.getByText(/\$0\.\d+/).waitFor();
      await page.getByText('1 step').click();
      await page.getByText('echo a tool').nth(1).waitFor();
      await page
        .getByRole('link', { name: /asks Claude/ })
        .getByText('All is well')
        .waitFor();
    },
    patience,
  );

  test(
    'the history has a chart, filters and older runs; a link opens one run',
    async () => {
      const id = await make({ name: 'has a past' });
      const runs = Array.from({ length: 100 }, (_, n): PastRun => {
        const state = n === 3 || n === 90 ? 'failed' : n === 50 ? 'missed' : 'succeeded';
        return { state, minutesAgo: 1_000 - n, seconds: (n % 7) + 1, output: `output ${n}` };
      });
      writeHistory(gateway.home, id, runs);
      const { page } = await open(`/cron/${id}`);
      const rows = page.locator('button[aria-controls]');
      await page.getByRole('img', { name: /40 runs, 1 failed/ }).waitFor();
      expect(await rows.count()).toBe(40);
      await page.getByRole('button', { name: 'Older runs' }).click();
      await eventually('older runs came', async () => (await rows.count()) === 80);
      // What is rare is looked for further back.
      await page.getByLabel('Show').selectOption({ label: 'Failures' });
      await page.getByText('output 3', { exact: true }).waitFor();
      expect(await rows.count()).toBe(2);
      await page.waitForURL(/show=failed/);
      await page.getByLabel('Show').selectOption({ label: 'Not run' });
      await page.getByText('output 50').waitFor();
      const past = await gateway.client.call(operations.cronHistory, { job_id: id, limit: 100 });
      const oldest = past.at(-1)?.id;
      await page.goto(`${gateway.url}/cron/${id}?run=${oldest}`);
      await page.getByRole('log', { name: 'Output' }).getByText('output 0').waitFor();
      // A bar of the chart opens its run, too.
      await page.locator('svg g').last().click();
      await page.getByRole('log', { name: 'Output' }).getByText('output 99').waitFor();
    },
    patience,
  );

  test(
    'what keeps failing is shown by itself, and is acknowledged',
    async () => {
      const { page } = await open('/cron', { size: 'phone' });
      await page.getByRole('heading', { name: 'Jobs' }).waitFor();
      const id = await make({
        name: 'keeps failing',
        command: 'echo broken; false',
        alert_after: 1,
      });
      await gateway.client.call(operations.runCronJob, { job_id: id });
      await page.getByRole('link', { name: /attention/ }).click();
      await page.waitForURL(/\/cron\/incidents$/);
      const incident = page.getByRole('article').filter({ hasText: 'keeps failing' });
      await incident.getByText('Keeps failing', { exact: true }).waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await incident.getByRole('button', { name: /Acknowledge/ }).click();
      await incident.waitFor({ state: 'detached' });
      const incidents = await gateway.client.call(operations.listCronIncidents, { open: true });
      expect(incidents.filter(({ job_id }) => job_id === id)).toEqual([]);
      await page.getByRole('button', { name: 'Show earlier ones' }).click();
      await incident.getByText('Acknowledged').waitFor();
    },
    patience,
  );

  test(
    'what the gateway made itself is shown as such; what is done elsewhere appears by itself',
    async () => {
      const { page } = await open('/cron');
      const own = page.getByRole('link', { name: /Made by the gateway/ }).first();
      await own.click();
      await page.getByText('Sends what is public of the metrics').waitFor();
      const id = await make({ name: 'made elsewhere', bot_id: undefined });
      await page.getByRole('link', { name: /made elsewhere/ }).waitFor();
      await gateway.client.call(operations.deleteCronJob, { job_id: id });
      await page.getByRole('link', { name: /made elsewhere/ }).waitFor({ state: 'detached' });
    },
    patience,
  );

  test(
    'hostile names, commands and outputs are text; every look can be read, on a phone and at a desk',
    async () => {
      const html = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
      const id = await make({ name: html, command: `echo '${html}' \u202E; true` });
      await gateway.client.call(operations.runCronJob, { job_id: id });
      const [run] = await gateway.client.call(operations.cronHistory, { job_id: id });
      const looks = [
        { size: 'phone', language: 'zh', theme: 'dark' },
        { size: 'desk', language: 'zh', theme: 'light' },
        { size: 'phone', language: 'en', theme: 'light' },
        { size: 'desk', language: 'en', theme: 'dark' },
      ] as const;
      for (const look of looks) {
        const { page, complaints } = await open(`/cron/${id}?run=${run?.id}`, look);
        const output = look.language === 'en' ? 'Output' : '输出';
        await page.getByRole('log', { name: output, exact: true }).getByText('<script>').waitFor();
        expect(await page.locator('main img').count()).toBe(0);
        expect(await page.evaluate('window.hacked')).toBeUndefined();
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(
          true,
        );
        expect(await accessFaults(page)).toEqual([]);
        await page.goto(`${gateway.url}/cron/${id}/edit`);
        await page
          .getByRole('button', { name: look.language === 'en' ? 'Save' : '保存' })
          .waitFor();
        expect(await accessFaults(page)).toEqual([]);
        expect(complaints).toEqual([]);
        await rig.closePages();
      }
    },
    patience * 2,
  );
});
