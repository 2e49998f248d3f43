import { printableLine } from '../chat/printable-text.ts';
import type { Finding, FindingState } from './finding.ts';

const marks: Record<FindingState, { readonly mark: string; readonly colour: number }> = {
  ok: { mark: '✓', colour: 32 },
  warning: { mark: '!', colour: 33 },
  problem: { mark: '✗', colour: 31 },
};

/**
 * A line for each finding, its fix below it, and a summary.
 * @param well what to say where there is nothing to mend
 */
export function reportText(findings: readonly Finding[], coloured: boolean, well: string): string {
  return [
    ...findings.map((finding) => describe(finding, coloured)),
    '',
    summary(findings, well),
    '',
  ].join('\n');
}

function describe({ state, found, fix }: Finding, coloured: boolean): string {
  const { mark, colour } = marks[state];
  const shown = coloured ? `\u001b[${colour}m${mark}\u001b[39m` : mark;
  // Paths and other programs' words stand in it.
  const line = `${shown} ${printableLine(found)}`;
  return fix === undefined ? line : `${line}\n    → ${printableLine(fix)}`;
}

function summary(findings: readonly Finding[], well: string): string {
  const count = (wanted: FindingState): number =>
    findings.filter(({ state }) => state === wanted).length;
  const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  const [problems, warnings] = [count('problem'), count('warning')];
  if (problems + warnings === 0) return well;
  return `${counted(problems, 'problem')}, ${counted(warnings, 'warning')}.`;
}

/** The same for programs. */
export function reportJson(findings: readonly Finding[]): string {
  const ok = findings.every(({ state }) => state !== 'problem');
  // What would mend one is a function, and has no place in it.
  const told = findings.map(({ mend, ...finding }) => ({
    ...finding,
    mendable: mend !== undefined,
  }));
  return `${JSON.stringify({ ok, findings: told }, undefined, 2)}\n`;
}
