import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { operations } from '@mini-claude-bot/contract';
import { afterEach, describe, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { base64Parts } from './support/mail-server.ts';
import { lacks } from './support/needs.ts';
import { linkTo, openReportHouse, type ReportHouse, type Write } from './support/report-house.ts';
import type { SecureSite } from './support/secure-site.ts';

const run = promisify(execFile);
const program = fileURLToPath(
  new URL('../packages/gateway/bin/mini-claude-bot.js', import.meta.url),
);
const withoutTex = lacks('xelatex', 'pdftotext', 'pdffonts', 'openssl');

const morning = `
language: en
title: Morning Paper
time: "07:30"
zone: Europe/Berlin
to: [reader@example.org]
tone: Be brief.
sections:
  - { id: news, title: News, instructions: What is new. }
  - { id: quotation, title: Quotation, instructions: One of Goethe., form: quotation, links: welcome }
`;

const houses: ReportHouse[] = [];
afterEach(async () => {
  await Promise.all(houses.splice(0).map((house) => house.close()));
});

async function open(...given: Parameters<typeof openReportHouse>): Promise<ReportHouse> {
  const house = await openReportHouse(...given);
  houses.push(house);
  return house;
}

const news = (site: SecureSite, ...paths: string[]) => ({
  id: 'news',
  items: [
    {
      title: 'Something happened',
      text: 'It was **said** [elsewhere](http://example.org/x), too.',
      links: paths.map((path) => linkTo(site, path)),
    },
  ],
});
const quotation = {
  id: 'quotation',
  items: [],
  quotation: { text: 'More light!', author: 'Goethe' },
};
const around = { headline: 'A day like this', summary: ['It is a day.'] };

/** What a PDF says, and the fonts that it has. */
async function readPdf(house: ReportHouse, pdf: Buffer): Promise<{ text: string; fonts: string }> {
  const file = join(house.home, 'mailed.pdf');
  await writeFile(file, pdf);
  const { stdout: text } = await run('pdftotext', [file, '-']);
  const { stdout: fonts } = await run('pdffonts', [file]);
  return { text, fonts };
}

describe.skipIf(withoutTex)('reports', () => {
  test('is researched with nothing but the web, checked, set and kept', async () => {
    // Straight into the private net, and by a redirect of a page that may be asked for.
    const trapIn = (site: SecureSite) => ({
      text: 'A trap.',
      links: [{ title: 'Inside', url: 'https://10.1.2.3/' }, linkTo(site, '/inside')],
    });
    const house = await open(
      (site) => {
        const told = news(site, '/a', '/gone', '/odd');
        return {
          ...around,
          sections: [{ ...told, items: [...told.items, trapIn(site)] }, quotation],
        };
      },
      { morning },
    );
    const client = await house.client();
    const input = { name: 'morning', no_send: true };
    const { run_id } = await client.call(operations.startReport, input);
    await expect(client.call(operations.startReport, input)).rejects.toThrow('being made already');
    const made = await house.endOf(run_id);
    expect(made).toMatchObject({ state: 'finished', mail: null, missing_sections: [] });
    const [section] = made.content?.sections ?? [];
    expect(section?.items[0]?.text).toBe('It was **said** elsewhere, too.');
    expect(section?.items[0]?.links.map(({ state }) => state)).toEqual([
      'checked',
      'dead',
      'unchecked',
    ]);
    expect(section?.items[1]?.links).toEqual([]);
    const offered = [...house.model.tools].filter((name) => !name.startsWith('Deferred'));
    expect(offered.toSorted()).toEqual(['StructuredOutput', 'WebFetch', 'WebSearch']);
    const answers = [...house.model.toolResults].join('\n');
    expect(answers).toContain('Page /a');
    expect(answers).toContain('No such tool available: Bash');
    expect(house.site.requests).toContain('GET /a');
    const base = `${await house.gateway().url}/api/reports/runs/${run_id}/files`;
    const text = await fetch(`${base}/text/download`);
    expect(text.headers.get('content-disposition')).toContain(`morning-${made.date}.txt`);
    expect(await text.text()).toContain('More light!');
    const pdf = await client.call(operations.getReportFile, { run_id, kind: 'pdf' });
    expect(Buffer.from(pdf.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    expect(house.mail.mails).toEqual([]);
  });

  test('a section that fails is asked for once more by itself, and told to be missing then', async () => {
    const house = await open(
      (site, _prompt, turn) => {
        if (turn === 0) return { ...around, sections: [quotation] };
        return { ...around, headline: 'Not this one', sections: [news(site)] };
      },
      { morning },
    );
    const { run_id } = await (await house.client()).call(operations.startReport, {
      name: 'morning',
      preview: true,
    });
    const made = await house.endOf(run_id);
    expect(made).toMatchObject({ state: 'finished', missing_sections: ['news'] });
    expect(made.headline).toBe('A day like this');
    expect(made.turns).toHaveLength(2);
    expect(house.model.prompts[1]).toContain("the section `news` can't be used: it is missing");
    expect(house.model.prompts[1]).not.toContain('[quotation]');
    await eventually('its mail', () => house.mail.mails.length > 0);
    const [mail] = house.mail.mails;
    expect(mail?.to).toEqual(['copy@example.org']);
    const parts = base64Parts(mail?.source ?? '');
    const pdf = parts.find(({ type }) => type === 'application/pdf');
    const { text } = await readPdf(house, pdf?.content ?? Buffer.alloc(0));
    expect(text.replaceAll(/\s+/g, ' ')).toContain('This section could not be written today');
  });

  test('one that was killed at any point goes on, and is mailed once', async () => {
    const house = await open(
      (site) => ({ ...around, sections: [news(site, '/a', '/slow'), quotation] }),
      {
        morning,
      },
    );
    const client = await house.client();
    const [report] = await client.call(operations.listReports, {});
    const job_id = (await client.call(operations.listReports, {})).find(
      ({ name }) => name === 'morning',
    )?.job_id;
    if (job_id == null) throw new Error(`no job was made: ${JSON.stringify(report)}`);
    await client.call(operations.runCronJob, { job_id, prefer: 'respond-async' });
    await eventually('a search', () => house.model.toolResults.size > 0, 4_000);
    await house.kill();
    house.start();
    await eventually('a check', () => house.site.requests.includes('HEAD /slow'), 4_000);
    await house.kill();
    house.start();
    const again = await house.client();
    const state = async () => (await again.call(operations.listReportRuns, {}))[0];
    await eventually('setting', async () => (await state())?.state === 'setting', 4_000);
    await house.kill();
    house.start();
    const last = await house.client();
    const [only, ...others] = await last.call(operations.listReportRuns, {});
    expect(others).toEqual([]);
    const made = await house.endOf(only?.id ?? '');
    expect(made).toMatchObject({ state: 'finished', audience: 'all', problem: null });
    await eventually('its mail', () => house.mail.mails.length > 0);
    await eventually('the end of its job', async () => {
      const [entry] = await last.call(operations.cronHistory, { job_id });
      return entry?.state === 'succeeded';
    });
    expect(house.mail.mails.map(({ to }) => to)).toEqual([['reader@example.org']]);
    expect(await last.call(operations.listReportRuns, {})).toHaveLength(1);
  }, 180_000);

  test('both reports that come along arrive, in Chinese by their job, in English by command', async () => {
    const house = await open(
      bothReports,
      {},
      {
        REPORT_TO_PRIMARY: 'zh@example.org',
        REPORT_TO_SECONDARY: 'en@example.org',
      },
    );
    const client = await house.client();
    const reports = await client.call(operations.listReports, {});
    expect(reports.map(({ name, note }) => [name, note])).toEqual([
      ['daily-en', null],
      ['daily-zh', null],
    ]);
    const url = await house.gateway().url;
    const words = ['report', 'run', 'daily-en', '--url', url, '--json'];
    const { stdout } = await run(process.execPath, [program, ...words], {
      cwd: house.home,
      env: { PATH: process.env.PATH, HOME: house.home },
    });
    expect(JSON.parse(stdout)).toMatchObject({ state: 'finished', missing_sections: [] });
    const job_id = reports.find(({ name }) => name === 'daily-zh')?.job_id;
    if (job_id == null) throw new Error('the Chinese report has no job');
    const { result, state } = await client.call(operations.runCronJob, { job_id });
    expect([state, result]).toEqual(['succeeded', expect.stringContaining('mailed')]);
    await eventually('both mails', () => house.mail.mails.length === 2);
    const [english, chinese] = house.mail.mails;
    expect(english?.to).toEqual(['en@example.org', 'copy@example.org']);
    expect(chinese?.to).toEqual(['zh@example.org', 'copy@example.org']);
    const englishParts = base64Parts(english?.source ?? '');
    const { text, fonts } = await readPdf(house, pdfIn(englishParts));
    for (const words of ['Daily Brief', 'Quotation', 'Watch list', 'AAPL', 'English words of news'])
      expect(text).toContain(words);
    expect(fontsEmbedded(fonts)).not.toContain('no');
    const chineseParts = base64Parts(chinese?.source ?? '');
    const zh = await readPdf(house, pdfIn(chineseParts));
    for (const words of ['每日简报', '市场', '金融概念', '中文的内容'])
      expect(zh.text.replaceAll(/\s/g, '')).toContain(words);
    expect(fontsEmbedded(zh.fonts)).not.toContain('no');
    const plain = chineseParts.filter(({ type }) => type === 'text/plain');
    expect(plain.map(({ content }) => content.toString()).join('')).toContain('中文的内容');
  }, 180_000);
});

describe.skipIf(lacks('openssl'))('reports without XeLaTeX', () => {
  test('are for the day that is asked for, and the owner’s chat is told why one failed', async () => {
    const house = await open(
      (site) => ({ ...around, sections: [news(site, '/a'), quotation] }),
      { morning },
      { XELATEX_BIN: join('/nowhere', 'xelatex'), REPORT_ALERT_CHAT: '4711' },
    );
    const client = await house.client();
    const asked = { name: 'morning', no_send: true };
    await expect(
      client.call(operations.startReport, { ...asked, date: '9999-01-01' }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await client.call(operations.listReportRuns, {})).toEqual([]);
    const day = '2020-02-29';
    const { run_id, date } = await client.call(operations.startReport, { ...asked, date: day });
    expect(date).toBe(day);
    const made = await house.endOf(run_id);
    expect(made).toMatchObject({ state: 'failed', date: day });
    expect(house.model.prompts[0]).toContain(day);
    const told = await client.call(operations.listDeliveries, { source: 'report' });
    expect(told).toMatchObject([
      { chat_id: '4711', channel: 'telegram', source: { kind: 'report', id: run_id } },
    ]);
    expect(told[0]?.preview).toContain('The report morning could not be made: The program');
  }, 120_000);
});

const pdfIn = (parts: ReturnType<typeof base64Parts>): Buffer =>
  parts.find(({ type }) => type === 'application/pdf')?.content ?? Buffer.alloc(0);

/** The column `emb` of each font. */
const fontsEmbedded = (listing: string): string[] =>
  listing
    .trim()
    .split('\n')
    .slice(2)
    .map((line) => line.trim().split(/\s+/).at(-5) ?? 'no');

const bothReports: Write = (site, prompt) => {
  const isChinese = prompt.includes('每日简报');
  const ids = [...prompt.matchAll(/^\[([a-z-]+)\]/gm)].map(([, id = '']) => id);
  const text = isChinese ? '这是中文的内容。' : 'English words of news.';
  const note = 'A warm word to you.';
  return {
    headline: isChinese ? '平静的一天' : 'A quiet day',
    summary: [],
    ...(isChinese ? {} : { note }),
    sections: ids.map((id) => ({
      id,
      items: [{ title: isChinese ? '标题' : 'Headline', text, links: [linkTo(site, '/a')] }],
      ...(id === 'quotation' && { quotation: { text: 'More light!', author: 'Goethe' } }),
      ...((id === 'markets' || id === 'watch-list') && { table }),
    })),
  };
};

const table = {
  columns: [
    { title: 'Name', align: 'left' },
    { title: 'Close', align: 'right' },
  ],
  rows: [['AAPL', '271.50']],
  note: 'Read at noon.',
};
