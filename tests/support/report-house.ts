import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Client, createClient } from '@mini-claude-bot/client';
import { operations, type ReportDetail } from '@mini-claude-bot/contract';
import { bash, type FakeAnthropic, startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import { eventually } from './eventually.ts';
import { type GatewayProcess, scratchDirectory, spawnGateway } from './gateway-process.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { type ReportModel, reportModel } from './report-model.ts';
import { type SecureSite, startSecureSite } from './secure-site.ts';
import { testEnvironment } from './test-gateway.ts';

/** A gateway as its owner runs it, with a web, a model and a mail server on this machine. */
export interface ReportHouse {
  readonly home: string;
  readonly environment: Record<string, string>;
  readonly site: SecureSite;
  readonly fake: FakeAnthropic;
  readonly model: ReportModel;
  readonly mail: MailServer;
  readonly client: () => Promise<Client>;
  readonly gateway: () => GatewayProcess;
  /** As with `kill -9`. */
  readonly kill: () => Promise<void>;
  readonly start: () => void;
  /** The run, once it has ended. */
  readonly endOf: (run_id: string) => Promise<ReportDetail>;
  readonly close: () => Promise<void>;
}

/** What the model hands over. */
export type Write = (
  site: SecureSite,
  prompt: string,
  turn: number,
) => Record<string, unknown> | undefined;

export const linkTo = (site: SecureSite, path: string) => ({
  title: `Page ${path}`,
  url: site.url + path,
});

/** @param files definitions, by name @param env over the usual environment */
export async function openReportHouse(
  write: Write,
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<ReportHouse> {
  const home = scratchDirectory();
  const site = await startSecureSite(home, {
    '/a': 200,
    '/b': 200,
    '/odd': 503,
    '/slow': 0,
    '/inside': 'https://10.1.2.3/',
  });
  const mail = await startMailServer();
  const model = reportModel({
    pages: [linkTo(site, '/a')],
    write: (prompt, turn) => write(site, prompt, turn),
    forbidden: bash('touch must-not-be'),
  });
  const fake = await startFakeAnthropic({ script: model.script });
  await mkdir(join(home, 'reports'), { recursive: true });
  for (const [name, text] of Object.entries(files))
    await writeFile(join(home, 'reports', `${name}.yaml`), text);
  const environment = {
    ...testEnvironment(home, fake.url),
    NODE_EXTRA_CA_CERTS: site.certificate,
    REPORT_TRUSTED_HOSTS: '127.0.0.1',
    SMTP_URL: mail.url,
    REPORT_SENDER: 'bot@example.org',
    REPORT_CC: 'copy@example.org',
    ...env,
  };
  let gateway = spawnGateway(environment, home);
  const client = async (): Promise<Client> => createClient({ baseUrl: await gateway.url });
  const kill = async (): Promise<void> => {
    gateway.child.kill('SIGKILL');
    await gateway.exited;
  };
  return {
    ...{ home, environment, site, fake, model, mail, client, kill },
    gateway: () => gateway,
    start: () => {
      gateway = spawnGateway(environment, home);
    },
    endOf: async (run_id) => {
      const asked = await client();
      const look = async () => {
        const run = await asked.call(operations.getReportRun, { run_id });
        return run.finished_at !== null && run;
      };
      return eventually('the end of a report', look, 4_000);
    },
    close: async () => {
      await kill();
      await Promise.all([fake.close(), site.close(), mail.close()]);
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
