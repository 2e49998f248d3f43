import { readFile } from 'node:fs/promises';
import { BotId, operations } from '@mini-claude-bot/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lacks } from '../support/needs.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { accessFaults, chromiumPath, type Look, type OpenPage, PageRig } from './page-rig.ts';

const patience = 120_000;

describe.skipIf(lacks(chromiumPath))('the page of memories', () => {
  let gateway: TestGateway;
  let rig: PageRig;
  /** Each test has a bot of its own. */
  let bot: BotId;
  let tests = 0;
  beforeAll(async () => {
    [gateway, rig] = await Promise.all([startTestGateway(), PageRig.start()]);
  }, patience);
  beforeEach(() => {
    tests += 1;
    bot = BotId.parse(`bot${tests}`);
  });
  afterEach(() => rig.closePages());
  afterAll(async () => {
    await rig?.close();
    await gateway?.stop();
  });

  const open = (more = '', look?: Look): Promise<OpenPage> =>
    rig.open(`${gateway.url}/memory?bot=${bot}${more}`, look);
  const remember = async (key: string, content: string, category = 'general'): Promise<number> =>
    (await gateway.client.call(operations.addMemory, { key, content, category, bot_id: bot })).id;
  const stored = () => gateway.client.call(operations.listMemories, { bot_id: bot });
  const card = (page: Page, key: string) => page.getByRole('article').filter({ hasText: key });

  test(
    'where nothing is remembered it says what to do, and the first memory is made there',
    async () => {
      const { page, complaints } = await open();
      await page.getByText('Nothing is remembered yet').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'New memory' }).last().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Remember it' }).click();
      await dialog.getByText('Give it a name.').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await dialog.getByLabel('What it is about').fill('coffee');
      await dialog.getByLabel('What is to be remembered').fill('black');
      await dialog.getByLabel('Category').fill('taste');
      await dialog.getByRole('button', { name: 'Remember it' }).click();
      await card(page, 'coffee').getByText('black').waitFor();
      expect(await stored()).toMatchObject([
        { key: 'coffee', content: 'black', category: 'taste' },
      ]);
      // A name that is taken is told at its field, and nothing is lost.
      await page.getByRole('button', { name: 'New memory' }).click();
      await dialog.getByLabel('What it is about').fill('coffee');
      await dialog.getByLabel('What is to be remembered').fill('white');
      await dialog.getByRole('button', { name: 'Remember it' }).click();
      await dialog.getByText('There is a memory of that name already.').waitFor();
      expect(await stored()).toMatchObject([{ content: 'black' }]);
      expect(complaints.filter((text) => !text.includes('409'))).toEqual([]);
    },
    patience,
  );

  test(
    'memories are browsed by category, and a link leads to one',
    async () => {
      const id = await remember('tea', 'green', 'taste');
      await remember('server', 'in the cellar', 'machines');
      const { page } = await open();
      await card(page, 'tea').waitFor();
      await page.getByRole('button', { name: /machines/ }).click();
      await page.waitForURL(/in=machines/);
      await card(page, 'server').waitFor();
      expect(await card(page, 'tea').count()).toBe(0);
      // What is added elsewhere appears by itself.
      await remember('printer', 'on the second floor', 'machines');
      await card(page, 'printer').waitFor();
      await page.goto(`${gateway.url}/memory?bot=${bot}&m=${id}`);
      await page.locator('article.border-accent', { hasText: 'tea' }).waitFor();
      await page.goto(`${gateway.url}/memory?bot=${bot}&m=987654`);
      await page.getByText('not there any more').waitFor();
    },
    patience,
  );

  test(
    'one is edited where it stands, by keyboard alone, and the focus comes back',
    async () => {
      await remember('tea', 'green', 'taste');
      const { page } = await open();
      const edit = page.getByRole('button', { name: 'Edit: tea' });
      await edit.focus();
      await edit.press('Enter');
      const text = page.getByLabel('What is to be remembered');
      await text.fill('not saved');
      await text.press('Escape');
      await card(page, 'tea').getByText('green').waitFor();
      await page.locator('button:focus[aria-label="Edit: tea"]').waitFor();
      await edit.press('Enter');
      await text.fill('');
      await page.getByText('Say what is to be remembered.').waitFor();
      await text.fill('white');
      await text.press('Control+Enter');
      await card(page, 'tea').getByText('white').waitFor();
      await page.getByText('Saved.').waitFor();
      expect(await stored()).toMatchObject([{ key: 'tea', content: 'white', category: 'taste' }]);
    },
    patience,
  );

  test(
    'what is deleted can be had back',
    async () => {
      await remember('tea', 'green', 'taste');
      await remember('coffee', 'black', 'taste');
      const { page } = await open();
      await page.getByRole('button', { name: 'Delete: tea' }).click({ force: true });
      await card(page, 'tea').waitFor({ state: 'detached' });
      await page.getByText('“tea” is forgotten.').waitFor();
      expect(await stored()).toMatchObject([{ key: 'coffee' }]);
      await page.getByRole('button', { name: 'Undo' }).click();
      await card(page, 'tea').getByText('green').waitFor();
      const tea = (await stored()).find(({ key }) => key === 'tea');
      expect(tea).toMatchObject({ content: 'green', category: 'taste' });
    },
    patience,
  );

  test(
    'a search says why each hit is one, marks what was looked for, and stands in the address',
    async () => {
      await remember('tea', 'green, with jasmine');
      await remember('garden', 'jasmine at the wall');
      await remember('server', 'in the cellar');
      const { page } = await open();
      await page.getByRole('searchbox', { name: 'Search memories' }).fill('green jasmine');
      await page.getByText('2 hits, best first, by words alone').waitFor();
      const first = page.getByRole('article').first();
      await first.getByText('2 of the words · no. 1 by words').waitFor();
      await first.locator('mark', { hasText: 'jasmine' }).waitFor();
      expect(await card(page, 'server').count()).toBe(0);
      expect(await accessFaults(page)).toEqual([]);
      await page.waitForURL(/q=green/);
      await page.reload();
      await page.getByText('2 hits, best first').waitFor();
      await page.getByRole('searchbox').fill('nothing of that kind');
      await page.getByText('Nothing was found').waitFor();
      await page.getByRole('button', { name: 'End the search' }).click();
      await card(page, 'server').waitFor();
    },
    patience,
  );

  test(
    'memories go out as JSON and CSV, and come in: first it is said what would be done',
    async () => {
      await remember('tea', 'green, "with" jasmine\nand more', 'taste');
      const { page } = await open();
      await card(page, 'tea').waitFor();
      const menu = async (entry: string): Promise<void> => {
        await page.getByRole('button', { name: 'Import and export' }).click();
        await page.getByRole('menuitem', { name: entry }).click();
      };
      const exported = async (entry: string): Promise<{ name: string; text: string }> => {
        const [download] = await Promise.all([page.waitForEvent('download'), menu(entry)]);
        return {
          name: download.suggestedFilename(),
          text: await readFile(await download.path(), 'utf8'),
        };
      };
      const json = await exported('Export as JSON');
      expect(json.name).toMatch(/^memories-bot\d+-.*\.json$/);
      expect(JSON.parse(json.text)).toMatchObject([{ key: 'tea', category: 'taste' }]);
      const csv = await exported('Export as CSV');
      expect(csv.text).toContain('"green, ""with"" jasmine');

      const choose = async (name: string, text: string): Promise<void> => {
        const file = { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
        await page.getByLabel('File').setInputFiles(file);
      };
      await menu('Import …');
      const dialog = page.getByRole('dialog');
      await choose('broken.csv', 'name,text\na,b\n');
      await dialog.getByRole('alert').getByText('has no column').waitFor();
      await choose('more.csv', 'key,content\ntea,black\ncoffee,strong\n');
      await dialog.getByText('1 new').waitFor();
      await dialog.getByText('1 known by their names').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      expect(await stored()).toHaveLength(1);
      await dialog.getByLabel('Those that are known').selectOption({ label: 'are replaced' });
      await dialog.getByRole('button', { name: 'Import', exact: true }).click();
      await page.getByText('1 added, 1 replaced, 0 left as they were.').waitFor();
      await card(page, 'coffee').waitFor();
      const rows = await stored();
      expect(new Map(rows.map(({ key, content }) => [key, content]))).toEqual(
        new Map([
          ['tea', 'black'],
          ['coffee', 'strong'],
        ]),
      );
    },
    patience,
  );

  test(
    'whatever is remembered is text; every look can be read, on a phone and at a desk',
    async () => {
      const html = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
      await remember(`${html} \u202E`, `${html} ${'x'.repeat(500_000)}`, html);
      const looks = [
        { size: 'phone', language: 'zh', theme: 'dark' },
        { size: 'desk', language: 'zh', theme: 'light' },
        { size: 'phone', language: 'en', theme: 'light' },
        { size: 'desk', language: 'en', theme: 'dark' },
      ] as const;
      for (const look of looks) {
        const { page, complaints } = await open('', look);
        const title = look.language === 'en' ? 'Memory' : '记忆';
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
        await page.getByRole('article').waitFor();
        expect(await page.locator('main img').count()).toBe(0);
        expect(await page.evaluate('window.hacked')).toBeUndefined();
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(
          true,
        );
        expect(await accessFaults(page)).toEqual([]);
        expect(complaints).toEqual([]);
        await rig.closePages();
      }
    },
    patience,
  );

  test(
    'who is bound to a bot sees its memories, and is offered no other',
    async () => {
      await remember('tea', 'green');
      const { token } = await gateway.client.call(operations.createToken, {
        name: 'bound',
        bot_id: bot,
      });
      const { page } = await open();
      await page.setExtraHTTPHeaders({ authorization: `Bearer ${token}` });
      await page.goto(`${gateway.url}/memory`);
      await card(page, 'tea').waitFor();
      expect(await page.getByLabel('Bot', { exact: true }).count()).toBe(0);
      await page.getByRole('link', { name: 'Jobs' }).click();
      await page.getByText('Nothing runs by itself yet').waitFor();
      expect(await page.getByRole('alert').count()).toBe(0);
    },
    patience,
  );

  test(
    'where the gateway cannot be read it says so, and a retry works',
    async () => {
      await remember('tea', 'green');
      const { page } = await open('&m=1');
      await card(page, 'tea').waitFor();
      await page.route('**/api/memory?*', (route) => route.fulfill({ status: 500, body: '{}' }));
      await page.reload();
      await page.getByRole('alert').waitFor();
      await page.unroute('**/api/memory?*');
      await page.getByRole('button', { name: 'Try again' }).click();
      await card(page, 'tea').waitFor();
    },
    patience,
  );
});
