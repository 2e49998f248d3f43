import { operations } from '@mini-claude-bot/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lacks } from '../support/needs.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import {
  addAuditEntries,
  addRows,
  addTasks,
  addUsage,
  addWaitingIssue,
  type MadeTasks,
  taskThatIs,
} from './fill-work.ts';
import { accessFaults, chromiumPath, type Look, type OpenPage, PageRig } from './page-rig.ts';

const patience = 60_000;

describe.skipIf(lacks(chromiumPath))("the owner's pages", () => {
  let gateway: TestGateway;
  let rig: PageRig;
  let made: MadeTasks;
  let dead: string;
  beforeAll(async () => {
    [gateway, rig] = await Promise.all([
      startTestGateway({
        env: {
          HARNESS_CHAIN_DELAY: '3600',
          GATEWAY_MIN_FREE_MB: '0',
          METRICS_SECRET: 'never-shown-anywhere',
        },
      }),
      PageRig.start(),
    ]);
    made = await addTasks(gateway);
    ({ dead } = addRows(gateway));
    addUsage(gateway);
  }, 180_000);
  afterEach(() => rig.closePages());
  afterAll(async () => {
    await rig?.close();
    await gateway?.stop();
  });

  const open = (path: string, look?: Look): Promise<OpenPage> => rig.open(gateway.url + path, look);
  const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
  const settled = async (page: Page): Promise<void> => {
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.locator('main [role=status]').first().waitFor({ state: 'detached' });
  };

  test('each is fit for everybody, on a phone and at a desk, in both languages and themes', async () => {
    const paths = [
      ...['/', '/tasks', '/tasks/issues', '/tasks/deliveries', `/tasks/deliveries/${dead}`],
      ...[`/tasks/${made.waiting}`, `/tasks/${made.blocked}`, `/tasks/${made.completed}`],
      ...['/system/audit', '/system/settings', '/system/search', '/tasks/nonsense'],
    ];
    const looks = [
      { size: 'desk', language: 'en', theme: 'light' },
      { size: 'phone', language: 'zh', theme: 'dark' },
      { size: 'desk', language: 'zh', theme: 'dark' },
      { size: 'phone', language: 'en', theme: 'light' },
    ] as const;
    for (const [index, path] of paths.entries()) {
      // Each at both widths, in both languages and themes; how they go together alternates.
      for (const look of index % 2 === 0 ? looks.slice(0, 2) : looks.slice(2)) {
        const { page, complaints } = await open(path, look);
        await settled(page);
        const where = `${path} ${look.size} ${look.language} ${look.theme}`;
        expect([where, ...(await accessFaults(page))]).toEqual([where]);
        expect([where, ...complaints]).toEqual([where]);
        expect(
          await page.evaluate('document.documentElement.scrollWidth <= innerWidth'),
          where,
        ).toBe(true);
        await rig.closePages();
      }
    }
  }, 240_000);

  test(
    'the overview says what needs attention, leads there, and shows what Claude took',
    async () => {
      const { page } = await open('/');
      await title(page, 'Overview').waitFor();
      await page.getByText('1 background task waits for an answer.').waitFor();
      await page.getByText('opus-4-5', { exact: true }).waitFor();
      const chart = page.getByRole('slider', { name: /Tokens by day/ });
      await chart.press('Home');
      await chart.press('ArrowRight');
      expect(await chart.getAttribute('aria-valuetext')).toMatch(/: [1-9][\d.]*m? ?\w* tokens$/);
      const columns = await chart
        .locator('div > span')
        .evaluateAll(
          (bars) => bars.filter((bar) => bar.clientHeight > 20 && bar.clientWidth > 3).length,
        );
      expect(columns).toBeGreaterThan(20);
      await page.getByRole('button', { name: 'Cost' }).click();
      await page.getByRole('slider', { name: /Cost by day/ }).waitFor();
      await page.getByRole('link', { name: /deliveries were given up/ }).click();
      await page.waitForURL('**/tasks/deliveries?state=dead');
    },
    patience,
  );

  test(
    'what a page shows first is asked for before its program is there, and used by it',
    async () => {
      for (const [path, call] of [
        ['/', '/api/overview'],
        ['/chats', '/api/chats'],
      ] as const) {
        const { page } = await open(path);
        await settled(page);
        await expect.poll(() => page.evaluate('window.earlyAnswers?.size')).toBe(0);
        const began = await page.evaluate(`(() => {
          const first = (what) => Math.min(...performance.getEntriesByType('resource')
            .filter(({ name }) => new URL(name).pathname.startsWith(what))
            .map(({ startTime }) => startTime));
          return { call: first('${call}'), program: first('/api/access/session') };
        })()`);
        const { call: asked, program } = z
          .object({ call: z.number(), program: z.number() })
          .parse(began);
        expect(asked).toBeLessThan(program);
      }
    },
    patience,
  );

  test(
    'which Claude processes live changes by itself, and why one was closed is told',
    async () => {
      const { page } = await open('/');
      const pool = page.getByRole('region', { name: 'Claude processes' });
      await pool.waitFor();
      await gateway.client.call(operations.sendMessage, {
        chat_id: 'fresh',
        message: '[[text:hi]]',
      });
      await pool.getByRole('link', { name: 'fresh' }).waitFor();
      await gateway.client.call(operations.stopChat, { chat_id: 'fresh' });
      await pool.getByText(/closed lately/).click();
      await pool.getByText('Its chat or turn was ended').first().waitFor();
    },
    patience,
  );

  test(
    'a task is begun on the page, seen while it works, and ended',
    async () => {
      const { page } = await open('/tasks');
      await page.getByRole('button', { name: 'New task' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Begin' }).click();
      await dialog.getByText('Write something first.').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await dialog.getByLabel('Name of the chat').fill('kitchen');
      await dialog
        .getByLabel('What is to be done')
        .fill(
          `Look it up. [[text:I have begun with the first shelf.${' And on.'.repeat(80)}]] [[slow:500]]`,
        );
      await dialog.getByRole('button', { name: 'Begin' }).click();
      await page.waitForURL(/\/tasks\/[0-9a-f-]{36}$/);
      await page.getByText('Running').first().waitFor();
      // What it writes is there while it writes it: the whole would take half a minute.
      await page.locator('main [aria-busy=true]', { hasText: 'with the first shelf' }).waitFor();
      await page.getByRole('button', { name: 'End the task' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'End the task' }).click();
      await page.getByText('The task was ended.').waitFor();
      await page.getByText('Cancelled').first().waitFor();
      const [task] = await gateway.client.call(operations.listTasks, { chat_id: 'kitchen' });
      expect(task?.state).toBe('stopped');
    },
    patience,
  );

  test(
    'a plan shows its phases, and what is blocked says why and goes on with an answer',
    async () => {
      const { page } = await open(`/tasks/${made.waiting}`);
      await title(page, 'Recipe book').waitFor();
      await page.getByRole('img', { name: /^4 of 9 done/ }).waitFor();
      await page.getByText('Photographs').first().waitFor();
      await page.getByText('The first photograph is in the book.').last().waitFor();
      expect(await page.locator('main').getByText('[HARNESS_BATCH', { exact: false }).count()).toBe(
        1,
      );
      await page.getByRole('link', { name: 'To all tasks' }).click();
      await page.getByLabel('State', { exact: true }).selectOption({ label: 'Needs an answer' });
      await page.waitForURL('**/tasks?state=blocked');
      await page.getByRole('link', { name: /Book the train/ }).click();
      await page
        .getByText(/Which one: 08:30/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Answer' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Your answer').fill('08:30, please. [[text:It is booked.]]');
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await page.waitForURL((url) => !url.pathname.endsWith(made.blocked));
      await page.getByText('Done').first().waitFor();
      await page.locator('.markdown', { hasText: 'It is booked.' }).first().waitFor();
    },
    patience,
  );

  test(
    'a task that is begun elsewhere appears by itself',
    async () => {
      const { page } = await open('/tasks', { size: 'phone' });
      await title(page, 'Tasks').waitFor();
      await settled(page);
      const message = '<img src=x onerror="window.hacked=1"> [[text:<b>done</b>]]';
      const id = await taskThatIs(gateway, 'completed', 'elsewhere', message);
      await page.getByRole('link', { name: /<img src=x/ }).click();
      await page.waitForURL(`**/tasks/${id}`);
      await page.locator('.markdown', { hasText: '<b>done</b>' }).first().waitFor();
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.locator('main img').count()).toBe(0);
    },
    patience,
  );

  test(
    'a delivery that was given up says why, and is tried again',
    async () => {
      const { page } = await open(`/tasks/deliveries/${dead}`);
      await page.getByText('The bot may not write to this chat.').first().waitFor();
      await page.locator('.markdown strong', { hasText: '3 files' }).waitFor();
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('It is tried again.').waitFor();
      // There is no token: it is given up again, and the page tells so by itself.
      await page.getByText("The bot's token is not known.").waitFor();
    },
    patience,
  );

  test(
    'the work on an issue leads to it, and is stopped',
    async () => {
      addWaitingIssue(gateway);
      const { page } = await open('/tasks/issues');
      await page.getByText('<img src=x').waitFor();
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      const pull = page.getByRole('link', { name: 'Pull request' });
      expect(await pull.getAttribute('href')).toBe('https://github.com/lena/recipes/pull/31');
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.getByRole('alertdialog').getByRole('button', { name: 'Stop' }).click();
      await page.getByText('The work on lena/recipes#15 was stopped.').waitFor();
      await page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
      const issues = await gateway.client.call(operations.listAwayIssues, {});
      expect(issues.find(({ number }) => number === 15)?.ended_at).not.toBeNull();
    },
    patience,
  );

  test(
    'the work on an issue that failed is begun again',
    async () => {
      const { page } = await open('/tasks/issues');
      const issue = page.getByRole('article').filter({ hasText: 'lena/garden' });
      await issue.getByRole('button', { name: 'Try again' }).click();
      await page.getByText('The work on lena/garden#7 goes on.').waitFor();
      // There is no clone: it fails again, for another reason than that it had, and the page tells so by itself.
      await issue
        .getByText('The branch away/issue-7 is there already')
        .waitFor({ state: 'detached' });
    },
    patience,
  );

  test(
    'the audit is filtered and read page by page',
    async () => {
      addAuditEntries(gateway, 70);
      const { page } = await open('/system/audit');
      await page.getByText('entry 70.').waitFor();
      expect(await page.getByText('entry 20.').count()).toBe(0);
      await page.getByRole('button', { name: 'Show older ones' }).click();
      await page.getByText('entry 20.').waitFor();
      await page.getByLabel('Kind').selectOption({ label: 'Runs' });
      await page.waitForURL('**/system/audit?kind=runs');
      await page.getByText('startTask').first().waitFor();
      await page.getByText('entry 70.').waitFor({ state: 'detached' });
      await page.goto(`${gateway.url}/system/audit?bot=kitchen&kind=deletes`);
      await page.getByText('entry 70.').waitFor();
      expect(await page.getByText('startTask').count()).toBe(0);
    },
    patience,
  );

  test(
    'settings are found, and no secret is among them',
    async () => {
      const { page } = await open('/system');
      await page.waitForURL('**/system/settings');
      await page.getByText('HARNESS_CHAIN_DELAY').waitFor();
      await page.getByText('3600', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'All', exact: true }).click();
      await page.getByText('METRICS_SECRET', { exact: true }).waitFor();
      await page.getByLabel('Find a setting').fill('metrics_secret');
      await page.getByText('set, not shown').waitFor();
      expect(await page.content()).not.toContain('never-shown-anywhere');
    },
    patience,
  );

  test(
    'what could not be read says so, and is read on another try',
    async () => {
      const { page } = await open('/system/search');
      await page.getByText('Search by words alone').waitFor();
      await page.route('**/api/outbox?**', (route) => route.abort());
      await page.getByRole('link', { name: 'Tasks' }).click();
      await page.getByRole('link', { name: 'Deliveries' }).click();
      await page.getByRole('alert').getByText('The gateway does not answer.').waitFor();
      await page.unroute('**/api/outbox?**');
      await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
      await page.getByText('The backup is done', { exact: false }).waitFor();
    },
    patience,
  );

  test(
    'a gateway that is started again is shown by itself, with what lives now',
    async () => {
      const { page } = await open('/');
      const pool = page.getByRole('region', { name: 'Claude processes' });
      await pool.getByRole('link', { name: 'weekend' }).first().waitFor();
      await page.evaluate('window.same = true');
      await gateway.restart({ PORT: new URL(gateway.url).port });
      await pool.getByText('None lives at the moment.', { exact: false }).waitFor();
      expect(await page.evaluate('window.same')).toBe(true);
    },
    patience,
  );
});
