import { printableLine } from '../chat/printable-text.ts';
import type { ConfigSources } from '../settings.ts';
import { examine } from './examine.ts';
import { type Finding, wordsOf } from './finding.ts';
import { reportJson, reportText } from './report.ts';
import { examineSecurity } from './security/examine-security.ts';

/** What `mini-claude-bot doctor` was asked. */
export interface DoctorOptions {
  readonly json: boolean;
  /** Look for what endangers the installation, and not for what it lacks. */
  readonly security: boolean;
  /** Mend what can be mended without harm, and look again. */
  readonly fix: boolean;
}

const allIsWell = 'All is well. Start the gateway with: npm start';
const noRisk = 'No risk was found.';

/** Check this machine and print what was found. @returns 1 when there is a problem */
export async function doctorCommand(
  { json, security, fix }: DoctorOptions,
  sources: ConfigSources,
): Promise<number> {
  const look = () => (security ? examineSecurity(sources, Date.now()) : examine(sources));
  const first = await look();
  const mended = fix ? mendAll(first) : [];
  for (const words of mended) process.stderr.write(`${printableLine(words)}\n`);
  const findings = mended.length > 0 ? await look() : first;
  const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
  process.stdout.write(
    json ? reportJson(findings) : reportText(findings, coloured, security ? noRisk : allIsWell),
  );
  return findings.some(({ state }) => state === 'problem') ? 1 : 0;
}

/** @returns what was done, or why it could not be */
function mendAll(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ mend, fix = '' }) => {
    if (mend === undefined) return [];
    try {
      mend();
      return [`Done: ${fix}`];
    } catch (error) {
      return [`Not done: ${fix} (${wordsOf(error)})`];
    }
  });
}
