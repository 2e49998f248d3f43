import type { ConfigSources } from '../settings.ts';
import { examine } from './examine.ts';
import { reportJson, reportText } from './report.ts';

/** Check this machine and print what was found. @returns 1 when there is a problem */
export async function doctorCommand(json: boolean, sources: ConfigSources): Promise<number> {
  const findings = await examine(sources);
  const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(json ? reportJson(findings) : reportText(findings, coloured));
  return findings.some(({ state }) => state === 'problem') ? 1 : 0;
}
