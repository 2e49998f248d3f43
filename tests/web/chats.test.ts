import { join } from 'node:path';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import Database from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { lacks } from '../support/needs.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { accessFaults, chromiumPath, type Look, type OpenPage, PageRig } from './page-rig.ts';

const patience = 60_000;

describe.skipIf(lacks(chromiumPath))('the page of chats', () => {
  let gateway: TestGateway;
  let rig: PageRig;
  beforeAll(async () => {
    [gateway, rig] = await Promise.all([startTestGateway(), PageRig.start()]);
    await Promise.all([
      say('first', '[[think:Let me see.]] [[bash:echo hello]] [[/]] [[text:**Bold** and `code`]]'),
      say('second', '[[text:| a | b |\n| --- | --- |\n| 1 | 2 |]]', 'ada'),
    ]);
  }, 120_000);
  afterEach(() => rig.closePages());
  afterAll(async () => {
    await rig?.close();
    await gateway?.stop();
  });

  const say = (chat_id: string, message: string, username?: string) =>
    gateway.client.call(operations.sendMessage, { chat_id, message, username });
  const open = (path: string, look?: Look): Promise<OpenPage> => rig.open(gateway.url + path, look);
  const message = (page: Page) => page.getByRole('textbox', { name: 'Message' });
  const write = async (page: Page, text: string): Promise<void> => {
    await message(page).fill(text);
    await message(page).press('Enter');
  };

  test('it is in the order, the language and the theme of its reader, on a phone and at a desk', async () => {
    for (const size of ['phone', 'desk'] as const) {
      for (const [language, theme] of [
        ['en', 'light'],
        ['zh', 'dark'],
        ['en', 'dark'],
        ['zh', 'light'],
      ] as const) {
        const { page, complaints } = await open('/chats', { size, language, theme });
        const title = language === 'en' ? 'Chats' : '会话';
        await page.getByRole('heading', { level: 1, name: title }).waitFor();
        await page.getByRole('link', { name: /second/ }).waitFor();
        expect(await page.locator('html').getAttribute('lang')).toBe(
          language === 'en' ? 'en' : 'zh-CN',
        );
        expect(await accessFaults(page)).toEqual([]);
        await page.getByRole('link', { name: /first/ }).click();
        await page.locator('.markdown strong', { hasText: 'Bold' }).waitFor();
        expect(await accessFaults(page)).toEqual([]);
        expect(complaints).toEqual([]);
        await rig.closePages();
      }
    }
  }, 180_000);

  test(
    'language and theme can be switched, and stay as they were chosen',
    async () => {
      const { page } = await open('/chats');
      await page.getByRole('button', { name: 'Language and theme' }).first().click();
      await page.getByRole('menuitemradio', { name: '中文' }).click();
      await page.getByRole('heading', { level: 1, name: '会话' }).waitFor();
      await page.getByRole('button', { name: '语言与主题' }).first().click();
      await page.getByRole('menuitemradio', { name: '深色' }).click();
      await page.reload();
      await page.getByRole('heading', { level: 1, name: '会话' }).waitFor();
      expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    },
    patience,
  );

  test(
    'what is sent from the page is answered there, as it is written, with what it took',
    async () => {
      const { page, complaints } = await open('/chats/default/talk');
      await page.getByText('A new chat').waitFor();
      await write(page, '[[bash:echo from a tool]] [[/]] [[slow:150]] one two three [[words:12]]');
      await page.locator('[aria-busy=true]').waitFor();
      await page.getByText('Page', { exact: false }).first().waitFor();
      await page.getByText(/\$0\.\d+/).waitFor();
      await page.getByText('1 step').click();
      await page.getByText('echo from a tool').first().waitFor();
      const [turn] = await gateway.client.call(operations.listTurns, {});
      expect(turn).toMatchObject({ chat_id: 'talk', state: 'completed' });
      expect(complaints).toEqual([]);
    },
    patience,
  );

  test(
    'what is said elsewhere appears by itself: in the list, as unread, and in the conversation',
    async () => {
      const { page } = await open('/chats/default/first');
      await page.getByRole('link', { name: /second/ }).waitFor();
      await say('second', '[[text:news for the list]]');
      const second = page.getByRole('link', { name: /second/ });
      await second.getByText('news for the list').waitFor();
      await second.getByText('2 unread messages').waitFor();
      await second.click();
      await second.getByText('2 unread messages').waitFor({ state: 'detached' });
      await say('second', '[[text:news for the conversation]]');
      await page.locator('.markdown', { hasText: 'news for the conversation' }).waitFor();
    },
    patience,
  );

  test(
    'a message that waits shows its place and can be cancelled; one that is answered can be stopped',
    async () => {
      const { page } = await open('/chats/default/queue');
      await write(page, '[[text:beginning]] [[hang-mid]]');
      await page.locator('.markdown', { hasText: 'beginning' }).waitFor();
      await write(page, 'the second [[text:never said]]');
      await page.getByText('1 message comes first').waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByText('1 message comes first').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Stop answering' }).click();
      await page.getByRole('button', { name: 'Stop answering' }).waitFor({ state: 'detached' });
      const states = await gateway.client.call(operations.listTurns, { chat_id: 'queue' });
      expect(states.map(({ state }) => state)).toEqual(['stopped', 'stopped']);
    },
    patience,
  );

  test(
    'a turn that fails is told apart from an answer',
    async () => {
      const { page } = await open('/chats/default/fails');
      await write(page, '[[status:400]]');
      await page.getByText('The call to the model failed.').waitFor();
      expect(await page.locator('.markdown').count()).toBe(0);
    },
    patience,
  );

  test(
    'forgetting a conversation says what it deletes, does it, and keeps what was said',
    async () => {
      await say('gone', '[[bash:echo x > file.txt]] [[/]] [[text:kept on the page]]');
      const { page } = await open('/chats/default/gone');
      await page.locator('.markdown', { hasText: 'kept on the page' }).waitFor();
      await page.getByRole('button', { name: 'What can be done with this chat' }).click();
      await page.getByRole('menuitem', { name: /Forget/ }).click();
      const dialog = page.getByRole('alertdialog');
      await dialog.getByText('working directory').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Forget the conversation' }).click();
      await page.getByText('Forgotten.').waitFor();
      await page.locator('.markdown', { hasText: 'kept on the page' }).waitFor();
      const sessions = await gateway.client.call(operations.listSessions, {});
      expect(sessions.map(({ chat_id }) => chat_id)).not.toContain('gone');
    },
    patience,
  );

  test(
    'everything can be searched from the keyboard, and a hit leads to its message',
    async () => {
      await say('long-ago', 'where is the [[text:lighthouse]]');
      const { page } = await open('/chats/default/first');
      await page.locator('.markdown').first().waitFor();
      await page.keyboard.press('Control+k');
      const field = page.getByRole('combobox', { name: 'Search everything' });
      await field.fill('lighthouse');
      await page.locator('mark', { hasText: 'lighthouse' }).first().waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await page.getByLabel('Written by').selectOption({ label: 'Claude' });
      await page.getByRole('listbox').getByRole('option').first().waitFor();
      await field.press('Enter');
      await page.waitForURL(/\/chats\/default\/long-ago\?m=\d+/);
      await page.locator('.markdown', { hasText: 'lighthouse' }).waitFor();
    },
    patience,
  );

  test(
    'search finds what is remembered, too, and leads to it',
    async () => {
      const { id } = await gateway.client.call(operations.addMemory, {
        key: 'the ferry',
        content: 'It leaves from the northern quay at half past six.',
      });
      const { page } = await open('/chats');
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.keyboard.press('Control+k');
      const field = page.getByRole('combobox', { name: 'Search everything' });
      await field.fill('northern quay');
      await page.getByRole('option', { name: 'the ferry' }).waitFor();
      // It is nobody's word.
      await page.getByLabel('Written by').selectOption({ label: 'People' });
      await page.getByRole('option', { name: 'the ferry' }).waitFor({ state: 'detached' });
      await page.getByLabel('Written by').selectOption({ label: 'Anybody' });
      await page.getByRole('option', { name: 'the ferry' }).click();
      await page.waitForURL(`**/memory?bot=default&m=${id}`);
      await page.getByText('It leaves from the northern quay').waitFor();
    },
    patience,
  );

  test(
    'whatever a chat says, and however it is called, it is text',
    async () => {
      const name = '<img src=x onerror="window.hacked=1">';
      const html = '<script>window.hacked=1</script><img src=x onerror="window.hacked=1">';
      const link = '[click](javascript:window.hacked=1) ![x](http://127.0.0.1:1/x.png)';
      await gateway.client.call(operations.sendMessage, {
        chat_id: name,
        message: `${html} \u202Eabc\u202C [[text:${html} ${link}]]`,
        username: html,
      });
      const history = { session_id: `gw-default-${name}`, source: 'telegram' } as const;
      await gateway.client.call(operations.addChatMessage, {
        ...history,
        role: 'assistant',
        content: 'x'.repeat(1_000_000),
      });
      const { page, complaints } = await open('/chats');
      await page.getByRole('link', { name: name.slice(0, 12) }).click();
      await page.getByText('Show all').waitFor();
      await page.locator('.markdown', { hasText: '<script>' }).waitFor();
      expect(await page.locator('main img').count()).toBe(0);
      expect(await page.locator('a[href^="javascript"]').count()).toBe(0);
      expect(await page.evaluate('window.hacked')).toBeUndefined();
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await page.getByText('Show all').click();
      await page.getByText('Show all').waitFor({ state: 'detached' });
      expect(complaints).toEqual([]);
    },
    patience,
  );

  test('ten thousand messages: older ones come as one scrolls, and few are in the page at a time', async () => {
    const total = 10_000;
    const database = new Database(join(gateway.home, 'gateway.db'));
    const add = database.prepare(`INSERT INTO chat_messages (session_id, bot_id, role, content)
      VALUES ('gw-default-many', 'default', ?, ?)`);
    database.transaction(() => {
      for (let n = 1; n <= total; n += 1)
        add.run(n % 2 === 1 ? 'user' : 'assistant', `message ${n}.`);
    })();
    database.close();
    const { page } = await open('/chats/default/many');
    await page.getByRole('log').getByText(`message ${total}.`).waitFor();
    const log = page.getByRole('log');
    const top = (): Promise<number> =>
      log.evaluate((element) => {
        const first = [...element.querySelectorAll('[data-index]')]
          .map((row) => /message (\d+)\./.exec(row.textContent ?? '')?.[1])
          .find((number) => number !== undefined);
        return Number(first ?? Number.NaN);
      });
    let before = total + 1;
    for (let n = 0; n < 6; n += 1) {
      await log.evaluate((element) => element.scrollBy(0, -20_000));
      before = await eventually('older messages came', async () => {
        const now = await top();
        return now < before && now;
      });
      expect(await log.locator('[data-index]').count()).toBeLessThan(80);
    }
    expect(before).toBeLessThan(total - 300);
    await page.getByRole('button', { name: 'To the latest message' }).click();
    await page.getByRole('log').getByText(`message ${total}.`).waitFor();
  }, 120_000);

  test(
    'a gateway that ends and starts again comes back in the page by itself',
    async () => {
      const { page } = await open('/chats/default/first');
      await page.getByText('Live', { exact: true }).waitFor();
      const { port } = new URL(gateway.url);
      // What is away for a moment only is not told.
      await gateway.restart({ PORT: port }, () =>
        page.getByText('Connection lost.', { exact: false }).waitFor(),
      );
      await page.getByText('Live', { exact: true }).waitFor();
      await say('first', '[[text:after the restart]]');
      await page.locator('.markdown', { hasText: 'after the restart' }).waitFor();
    },
    patience,
  );

  test(
    'the first page is at most 200 kB, compressed',
    async () => {
      const { page } = await open('/chats');
      await page.getByRole('link', { name: /first/ }).waitFor();
      // With index.html, which has the styles in it.
      const bytes = await page.evaluate(`performance.getEntries()
      .filter(({ name, entryType }) => entryType === 'navigation' ||
        (entryType === 'resource' && /\\.(js|css|woff2)$/.test(new URL(name).pathname)))
      .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`);
      expect(bytes).toBeGreaterThan(50_000);
      expect(bytes).toBeLessThan(200_000);
    },
    patience,
  );

  test(
    'where a token is needed the page asks for it, also when it is revoked meanwhile, and signs out again',
    async () => {
      const { token } = await gateway.client.call(operations.createToken, { name: 'browser' });
      const other = await gateway.client.call(operations.createToken, { name: 'other' });
      const { port } = new URL(gateway.url);
      await gateway.restart({ PORT: port, MCB_AUTH: 'token' });
      const { page } = await open('/chats/default/first');
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await page.getByLabel('Token').fill('mcb_wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.locator('.markdown').first().waitFor();
      await page.getByText('Live', { exact: true }).waitFor();
      expect(await page.evaluate('document.cookie')).toBe('');
      const owner = createClient({ baseUrl: gateway.url, token: other.token });
      await owner.call(operations.revokeToken, { name: 'browser' });
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await page.getByLabel('Token').fill(other.token);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Language and theme' }).first().click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      // What was asked for before the program came, and refused, does not count for who has signed in by then.
      await page.goto(gateway.url);
      await page.getByLabel('Token').fill(other.token);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('Live', { exact: true }).waitFor();
      await page.getByRole('region', { name: 'Claude processes' }).waitFor();
      expect(await page.getByRole('heading', { name: 'Sign in' }).count()).toBe(0);
    },
    patience,
  );
});
