import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { sampleState } from '@mini-claude-bot/dashboard/sample';
import { sampleMetrics } from '@mini-claude-bot/dashboard/sample-metrics';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { hasChromium, openChromium, openPage, seriousFaults } from './chromium.ts';
import { push, startDashboard, type TestDashboard } from './start-dashboard.ts';

const secret = 'secret-of-the-dashboard';

describe.skipIf(!hasChromium)('in a browser (Debian: chromium)', () => {
  let browser: Browser;
  let dashboard: TestDashboard;
  beforeAll(async () => {
    dashboard = await startDashboard({ METRICS_SECRET: secret, DASHBOARD_TITLE: 'My assistant' });
    browser = await openChromium();
  }, 180_000);
  afterAll(async () => {
    await browser.close();
    await dashboard.stop();
  });
  beforeEach(() => rm(dashboard.file, { force: true }));

  const keep = async (state: unknown): Promise<void> => {
    await mkdir(dirname(dashboard.file), { recursive: true });
    await writeFile(dashboard.file, JSON.stringify(state));
  };

  test('what a gateway pushes is seen, without JavaScript too, and nothing that is private', async () => {
    const gateway = await startTestGateway({
      env: { DASHBOARD_PUSH_URL: `${dashboard.url}/api/push`, METRICS_SECRET: secret },
    });
    try {
      await fillWithCanaries(gateway);
      expect(await gateway.client.call(operations.pushMetrics, {})).toMatchObject({ pushed: true });
    } finally {
      await gateway.stop();
    }
    const { page, complaints } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(dashboard.url);
    expect(await page.title()).toBe('My assistant');
    for (const title of ['Uptime', 'System', 'Claude Usage', 'Scheduled Jobs', 'Memory Store']) {
      expect(await page.getByRole('heading', { name: title, exact: true }).count()).toBe(1);
    }
    for (const title of ['Chat History', 'Background and Harness', 'Daily Activity']) {
      expect(await page.getByRole('heading', { name: title, exact: true }).count()).toBe(1);
    }
    expect(await page.locator('section', { has: page.locator('#memory') }).innerText()).toContain(
      '1 memories',
    );
    expect(await page.locator('section', { has: page.locator('#jobs') }).innerText()).toContain(
      'name-of-the-job',
    );
    expect(await page.locator('section', { has: page.locator('#usage') }).innerText()).toMatch(
      /Requests\s+1\n/,
    );
    expect(await page.getByRole('status').innerText()).toContain('Up to date');
    const everything = [
      await page.content(),
      await (await fetch(dashboard.url, { headers: { rsc: '1' } })).text(),
      await (await fetch(`${dashboard.url}/api/metrics`)).text(),
      dashboard.said(),
    ];
    for (const text of everything) expect(text.match(/canary[\w-]*/g)).toBeNull();
    // The name of a job is public: so they would have been found.
    expect(everything.slice(0, 3).every((text) => text.includes('name-of-the-job'))).toBe(true);
    expect(complaints).toEqual([]);
  }, 120_000);

  test('the page follows what is pushed, and says when nothing more comes', async () => {
    const now = Date.now();
    expect(await push(dashboard, sampleMetrics(now - 60_000), secret)).toMatchObject({
      status: 200,
    });
    const { page, complaints } = await openPage(browser);
    await page.clock.install();
    await page.goto(dashboard.url);
    const memories = page.locator('section', { has: page.locator('#memory') }).locator('.big');
    expect(await memories.innerText()).toContain('214');
    const newer = { ...sampleMetrics(now), memory: { count: 999, oldest: null, newest: null } };
    expect(await push(dashboard, newer, secret)).toMatchObject({ status: 200 });
    await page.clock.fastForward(16_000);
    await memories.getByText('999').waitFor();
    expect(await page.getByRole('status').getAttribute('data-state')).toBe('live');
    await page.clock.fastForward(20 * 60_000);
    await page.locator('[role=status][data-state=stale]').waitFor();
    expect(await page.getByRole('status').innerText()).toContain('The assistant may be down');
    expect(complaints).toEqual([]);
  }, 120_000);

  test.each([
    ['light', 'en', { width: 390, height: 800 }],
    ['dark', 'zh', { width: 390, height: 800 }],
    ['light', 'zh', { width: 1280, height: 900 }],
    ['dark', 'en', { width: 1280, height: 900 }],
  ] as const)(
    '%s, in %s, %o: axe finds nothing serious, and nothing is cut off',
    async (colorScheme, language, viewport) => {
      await keep(sampleState(Date.now()));
      const { page, complaints } = await openPage(browser, { colorScheme, viewport });
      await page.goto(`${dashboard.url}/${language}`);
      expect(await seriousFaults(page)).toEqual([]);
      const wide: unknown = await page.evaluate('document.documentElement.scrollWidth');
      expect(wide).toBe(viewport.width);
      expect(await page.locator('html').getAttribute('lang')).toMatch(new RegExp(`^${language}`));
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  test('the language is the one that the browser would like, or that is chosen', async () => {
    await keep(sampleState(Date.now()));
    const { page } = await openPage(browser, { locale: 'zh-CN' });
    await page.goto(dashboard.url);
    expect(await page.getByRole('heading', { name: '系统' }).count()).toBe(1);
    await page.getByRole('link', { name: 'English' }).click();
    await page.getByRole('heading', { name: 'System' }).waitFor();
    expect((await fetch(`${dashboard.url}/fr`)).status).toBe(404);
  }, 120_000);

  test('without figures, or with old or broken ones, the page says so', async () => {
    const { page } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(dashboard.url);
    expect(await page.locator('main').innerText()).toContain('Nothing has been pushed yet');
    await keep(sampleState(Date.now() - 3 * 3600_000));
    await page.goto(dashboard.url);
    expect(await page.getByRole('status').innerText()).toMatch(
      /Stale\s+The last figures came 3 hours ago/,
    );
    await keep({ metrics: 'nonsense' });
    await page.goto(dashboard.url);
    expect(await page.locator('main').innerText()).toContain("can't be read");
  }, 120_000);
});

/** Words that must not be seen, wherever somebody can write one; and one that may. */
async function fillWithCanaries({ client }: TestGateway): Promise<void> {
  await client.call(operations.addMemory, {
    key: 'canary-key',
    content: 'canary-content',
    category: 'canary-category',
  });
  const job = await client.call(operations.createCronJob, {
    name: 'name-of-the-job',
    cron_expression: '0 3 * * *',
    command: 'echo canary-output # canary-command',
    job_type: 'shell',
  });
  await client.call(operations.runCronJob, { job_id: job.id });
  await client.call(operations.sendMessage, {
    chat_id: 'canary-chat',
    user_id: 'canary-user',
    message: '[[text:canary-answer]] canary-message',
  });
}
