import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportName } from '../../reports/definitions/definition.ts';
import { ReportDefinitions } from '../../reports/definitions/definitions.ts';
import { shippedReports } from '../../reports/definitions/shipped.ts';
import { givenAs } from '../ask-gateway.ts';
import { type ConfigSources, readSettings } from '../settings.ts';
import { UserFault } from '../user-fault.ts';

interface Given {
  /** The report that is copied. */
  readonly from: string;
  readonly json: boolean;
}

/** Copy a report's file into the owner's directory, under another name or its own. @returns exit code */
export async function newReport(
  given: string,
  { from, json }: Given,
  sources: ConfigSources,
): Promise<number> {
  const name = givenAs(reportName, 'The name', given);
  const { REPORTS_CONFIG_DIR: own } = readSettings(sources).config;
  const definitions = new ReportDefinitions({ own, shipped: shippedReports() });
  const reports = await definitions.list();
  const source = reports.find((report) => report.name === from);
  if (source === undefined) {
    const known = reports.map((report) => report.name).join(', ');
    throw new UserFault(`There is no report ${JSON.stringify(from)}; there are: ${known}.`);
  }
  const file = join(own, `${name}.yaml`);
  const there = reports.find((report) => report.name === name && report.origin === 'owner');
  if (there !== undefined) throw new UserFault(`${there.file} is there already.`);
  await write(own, file, await readFile(source.file, 'utf8'));
  const says = `${file} is there, a copy of ${from}. Edit it, and look at it with: mini-claude-bot report list`;
  process.stdout.write(json ? `${JSON.stringify({ name, file }, undefined, 2)}\n` : `${says}\n`);
  return 0;
}

async function write(directory: string, file: string, text: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserFault(`${file} can't be written: ${why}`);
  }
}
