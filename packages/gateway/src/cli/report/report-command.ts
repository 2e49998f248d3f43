import { setTimeout as sleep } from 'node:timers/promises';
import { operations, type ReportDetail } from '@mini-claude-bot/contract';
import { askGateway, givenAs } from '../ask-gateway.ts';
import { PrintableText } from '../chat/printable-text.ts';
import type { ConfigSources } from '../settings.ts';
import { UserFault } from '../user-fault.ts';
import { reportsTable, runLines, runsTable } from './report-tables.ts';

interface Asked {
  readonly url?: string | undefined;
  readonly json: boolean;
}

const lookAgainMs = 1_000;

function print(value: unknown, text: string, json: boolean): void {
  const shown = json ? JSON.stringify(value, undefined, 2) : new PrintableText().clean(text);
  process.stdout.write(`${shown}\n`);
}

/** @returns exit code: 1 where a file has faults */
export async function listReports({ url, json }: Asked, sources: ConfigSources): Promise<number> {
  const reports = await askGateway(url, sources, (client) =>
    client.call(operations.listReports, {}),
  );
  print(reports, reportsTable(reports), json);
  return reports.some(({ faults }) => faults.length > 0) ? 1 : 0;
}

interface RunAsked extends Asked {
  readonly preview: boolean;
  readonly send: boolean;
  readonly date?: string | undefined;
  readonly wait: boolean;
}

/** Have a report made, and say how far it is. @returns exit code: 1 when it could not be made */
export async function runReport(
  given: string,
  { url, json, preview, send, date, wait }: RunAsked,
  sources: ConfigSources,
): Promise<number> {
  if (preview && !send) throw new UserFault('Either --preview or --no-send, not both.', 2);
  const { shape } = operations.startReport.input;
  const name = givenAs(shape.name, 'The report', given);
  const day = givenAs(shape.date, 'The date', date);
  return askGateway(url, sources, async (client) => {
    const input = { name, preview, no_send: !send, ...(day === undefined ? {} : { date: day }) };
    const { run_id } = await client.call(operations.startReport, input);
    if (!wait) {
      print({ run_id }, `Run ${run_id} is begun.`, json);
      return 0;
    }
    let told = '';
    for (;;) {
      const run = await client.call(operations.getReportRun, { run_id });
      if (run.finished_at !== null) return finished(run, json);
      if (run.state !== told) process.stderr.write(`${steps[run.state] ?? run.state}\n`);
      told = run.state;
      await sleep(lookAgainMs);
    }
  });
}

const steps: Partial<Record<ReportDetail['state'], string>> = {
  writing: 'Claude researches and writes …',
  checking: 'Links are checked …',
  setting: 'It is set …',
};

function finished(run: ReportDetail, json: boolean): number {
  const done = run.state === 'finished';
  if (json) print(run, '', true);
  else if (done) print(run, runLines(run), false);
  else process.stderr.write(`${new PrintableText().clean(run.problem ?? run.state)}\n`);
  return done ? 0 : 1;
}

/** @returns exit code */
export async function listRuns(
  report: string | undefined,
  { url, json, limit }: Asked & { readonly limit: string },
  sources: ConfigSources,
): Promise<number> {
  const { shape } = operations.listReportRuns.input;
  const most = givenAs(shape.limit, 'The limit', /^\d+$/.test(limit) ? Number(limit) : limit);
  const name = givenAs(shape.report, 'The report', report);
  const input = { limit: most, ...(name === undefined ? {} : { report: name }) };
  const runs = await askGateway(url, sources, (client) =>
    client.call(operations.listReportRuns, input),
  );
  print(runs, runs.length === 0 ? 'No report has been made yet.' : runsTable(runs), json);
  return 0;
}

/** @returns exit code */
export async function stopRun(
  given: string,
  { url, json }: Asked,
  sources: ConfigSources,
): Promise<number> {
  const run_id = givenAs(operations.stopReportRun.input.shape.run_id, 'The run', given);
  const result = await askGateway(url, sources, (client) =>
    client.call(operations.stopReportRun, { run_id }),
  );
  print(result, result.stopped ? 'It is stopped.' : `It had ended already: ${result.state}.`, json);
  return 0;
}
