import type { ConfigSources } from '../settings.ts';
import { examine } from './examine.ts';
import { reportJson, reportText } from './report.ts';
import { examineSecurity } from './security/examine-security.ts';

/** What `mini-claude-bot doctor` was asked. */
export interface DoctorOptions {
  readonly json: boolean;
  /** Look for what endangers the installation, and not for what it lacks. */
  readonly security: boolean;
}

const allIsWell = 'All is well. Start the gateway with: npm start';
const noRisk = 'No risk was found.';

/** Check this machine and print what was found. @returns 1 when there is a problem */
export async function doctorCommand(
  { json, security }: DoctorOptions,
  sources: ConfigSources,
): Promise<number> {
  const findings = security ? await examineSecurity(sources, Date.now()) : await examine(sources);
  const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(
    json ? reportJson(findings) : reportText(findings, coloured, security ? noRisk : allIsWell),
  );
  return findings.some(({ state }) => state === 'problem') ? 1 : 0;
}
