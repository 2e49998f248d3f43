// Makes the pictures of the page that stand in the documentation: npm run screenshots
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import { bash, reply, type Script, text, thinking } from '@mini-claude-bot/fake-anthropic';
import type { Page } from 'playwright-core';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { type Look, PageRig } from './page-rig.ts';

const directory = join(process.cwd(), 'docs', 'images');
mkdirSync(directory, { recursive: true });

const plan = `Here is a plan that fits into one morning:

| Time | What | Bring |
| --- | --- | --- |
| 08:30 | Train to the lake | coffee |
| 09:40 | Walk around it, 6 km | good shoes |
| 12:00 | Picnic at the boathouse | blanket, bread |

The last train back leaves at **15:12**. Shall I put it in the calendar?`;

const script = `I looked at the log: every night at two the backup waits for the network.

\`\`\`ts
/** Wait for the network, but not for ever. @param ms milliseconds */
export async function online(ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  while (Date.now() < deadline) {
    if (await reachable('nas.local')) return true;
    await sleep(500);
  }
  return false;
}
\`\`\`

With this it gives up after a while and says so, instead of hanging until morning.`;

const chinese = `好的,周末大扫除可以分三步:

1. **先收纳**:把散落的东西放回原处;
2. **再除尘**:从高到低,窗帘、书架、桌面;
3. **最后拖地**:从里到外,一次完成。

预计两个半小时,要我提醒你吗?`;

/** What is said in each chat, and what is answered: the pictures show no markers. */
const talk = [
  {
    chat: 'weekend',
    who: 'Lena',
    says: 'What shall we do on Saturday?',
    answer: 'Something with water?',
  },
  {
    chat: '-100200300',
    who: 'Tom',
    says: 'Who buys the bread?',
    answer: 'It is Tom’s turn this week.',
  },
  { chat: '10001', who: '小薇', says: '请列一个周末大扫除的步骤清单', answer: chinese },
  { chat: 'weekend', who: 'Lena', says: 'A plan for the lake, please', answer: plan },
  { chat: 'home-server', who: 'Ada', says: 'Why does the backup hang at night?', answer: script },
] as const;

const model: Script = ({ conversation: { prompt, step } }) => {
  const said = talk.find(({ says }) => prompt.includes(says));
  if (said?.chat !== 'home-server' || step > 0) return reply(text(said?.answer ?? 'Gladly.'));
  return reply(thinking('The log will say when it stopped.'), bash('tail -n 3 backup.log || true'));
};

/** One after the other: what was said last comes first in the list. */
async function fill({ client }: TestGateway): Promise<void> {
  for (const { chat, who, says } of talk) {
    const message = { chat_id: chat, username: who, message: says };
    await client.call(operations.sendMessage, message);
  }
}

async function main(): Promise<void> {
  const pageDirectory = join(process.cwd(), 'apps', 'web', 'dist');
  const gateway = await startTestGateway({ pageDirectory, script: model });
  const rig = await PageRig.start();
  try {
    await fill(gateway);
    const shoot = async (
      name: string,
      path: string,
      look: Look,
      ready: (page: Page) => Promise<unknown>,
    ): Promise<void> => {
      const { page } = await rig.open(gateway.url + path, look);
      await ready(page);
      await page.evaluate('document.fonts.ready');
      await page.screenshot({ path: join(directory, `${name}.png`) });
      await rig.closePages();
    };
    const coloured = (page: Page) => page.locator('.hljs-keyword').first().waitFor();
    const said = (page: Page) => page.locator('.markdown').last().waitFor();
    await shoot('page-chats', '/chats/default/home-server', {}, coloured);
    await shoot('page-chats-dark', '/chats/default/weekend', { theme: 'dark' }, said);
    await shoot('page-phone', '/chats/default/10001', { size: 'phone', language: 'zh' }, said);
    await shoot('page-phone-list', '/chats', { size: 'phone', theme: 'dark' }, (page) =>
      page.getByRole('link', { name: /weekend/ }).waitFor(),
    );
    await shoot('page-search', '/chats/default/weekend', {}, async (page) => {
      await said(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Search everything' }).fill('backup');
      await page.locator('mark').first().waitFor();
    });
  } finally {
    await rig.close();
    await gateway.stop();
  }
}

await main();
