import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { bash, type FakeAnthropic, startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import { afterEach, expect, test } from 'vitest';
import { type GatewayProcess, scratchDirectory, spawnGateway } from './support/gateway-process.ts';
import { type ReportModel, reportModel } from './support/report-model.ts';
import { type SecureSite, startSecureSite } from './support/secure-site.ts';
import { testEnvironment } from './support/test-gateway.ts';

const definition = `
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

const link = (site: SecureSite, path: string) => ({ title: `Page ${path}`, url: site.url + path });

interface House {
  readonly home: string;
  readonly site: SecureSite;
  readonly fake: FakeAnthropic;
  readonly model: ReportModel;
  gateway: GatewayProcess;
  readonly client: () => Promise<ReturnType<typeof createClient>>;
  readonly start: () => void;
}

const houses: House[] = [];
afterEach(async () => {
  for (const house of houses.splice(0)) {
    house.gateway.child.kill('SIGKILL');
    await house.gateway.exited;
    await house.fake.close();
    await house.site.close();
    await rm(house.home, { recursive: true, force: true, maxRetries: 5 });
  }
});

type Write = (site: SecureSite, prompt: string, turn: number) => Record<string, unknown> | undefined;

async function openHouse(write: Write, env: Record<string, string> = {}): Promise<House> {
  const home = scratchDirectory();
  const site = await startSecureSite(home, { '/a': 200, '/b': 200, '/odd': 503 });
  const model = reportModel({
    pages: [link(site, '/a')],
    write: (prompt, turn) => write(site, prompt, turn),
    forbidden: bash('touch /tmp/must-not-be'),
  });
  const fake = await startFakeAnthropic({ script: model.script });
  await mkdir(join(home, 'reports'), { recursive: true });
  await writeFile(join(home, 'reports', 'morning.yaml'), definition);
  const environment = {
    ...testEnvironment(home, fake.url),
    LOG_LEVEL: 'info',
    NODE_EXTRA_CA_CERTS: site.certificate,
    REPORT_TRUSTED_HOSTS: '127.0.0.1',
    ...env,
  };
  const house: House = {
    ...{ home, site, fake, model, gateway: spawnGateway(environment, home) },
    client: async () => createClient({ baseUrl: await house.gateway.url }),
    start: () => {
      house.gateway = spawnGateway(environment, home);
    },
  };
  houses.push(house);
  return house;
}

async function endOf(house: House, run_id: string) {
  const client = await house.client();
  for (;;) {
    const run = await client.call(operations.getReportRun, { run_id });
    if (run.finished_at !== null) return run;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test('a report is researched with nothing but the web, checked, set and kept', async () => {
  const house = await openHouse((site) => ({
    headline: 'A day like this',
    summary: ['It is a day.'],
    sections: [
      {
        id: 'news',
        items: [
          {
            title: 'Something happened',
            text: 'It was **said** [elsewhere](http://example.org/x), too.',
            links: [link(site, '/a'), link(site, '/gone'), link(site, '/odd')],
          },
          { text: 'A trap.', links: [{ title: 'Inside', url: 'https://10.1.2.3/' }] },
        ],
      },
      { id: 'quotation', items: [], quotation: { text: 'More light!', author: 'Goethe' } },
    ],
  }));
  const client = await house.client();
  const { run_id } = await client.call(operations.startReport, { name: 'morning', no_send: true });
  const run = await endOf(house, run_id);
  expect(run).toMatchObject({ state: 'finished', problem: null, mail: null, missing_sections: [] });
  const [news] = run.content?.sections ?? [];
  expect(news?.items[0]?.text).toBe('It was **said** elsewhere, too.');
  expect(news?.items[0]?.links.map(({ state }) => state)).toEqual(['checked', 'dead', 'unchecked']);
  expect(news?.items[1]?.links).toEqual([]);
  // What it had, and what became of what it tried.
  expect([...house.model.tools].filter((name) => !name.startsWith('Deferred')).toSorted()).toEqual([
    'StructuredOutput',
    'WebFetch',
    'WebSearch',
  ]);
  expect([...house.model.toolResults].join('\n')).toContain('Page /a');
  expect(house.site.requests).toContain('GET /a');
  expect([...house.model.toolResults].join('\n')).toContain('No such tool available: Bash');
  expect(run.files.map(({ kind }) => kind)).toEqual(['pdf', 'text', 'html']);
  const pdf = await client.call(operations.getReportFile, { run_id, kind: 'pdf' });
  expect(Buffer.from(pdf.base64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  const address = `${await house.gateway.url}/api/reports/runs/${run_id}/files/text/download`;
  const text = await fetch(address);
  expect(text.headers.get('content-disposition')).toContain(`morning-${run.date}.txt`);
  expect(await text.text()).toContain('More light!');
  expect(await readdir(join(house.home, 'finished-reports', 'morning'))).toEqual([
    `${run.date}-${run_id.slice(0, 8)}`,
  ]);
});
