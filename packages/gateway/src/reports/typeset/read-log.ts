/** What TeX's log says that matters. */
export interface LogFindings {
  /** Its first error, one line. */
  readonly error?: string;
  /** A file that it looked for in vain: a package that is not installed. */
  readonly missingFile?: string;
  /** Characters that the chosen font did not have: `X (U+1234) in font Y`. */
  readonly missing: readonly string[];
}

export function readLog(log: string): LogFindings {
  const lines = log.split('\n');
  const at = lines.findIndex((line) => /^(! |\.?\/?[\w.-]+:\d+: )/.test(line));
  const context = at === -1 ? undefined : lines[at]?.replace(/^! /, '').slice(0, 300);
  const file = /File [`']([^`']{1,100})' not found/.exec(log)?.[1];
  // Joiners have no look: a font need not have them.
  const missing = lines
    .filter((line) => !/\(U\+200[CD]\)/.test(line))
    .flatMap((line) => /^Missing character: There is no (.+?)!?$/.exec(line)?.[1] ?? []);
  return {
    missing: [...new Set(missing)],
    ...(context === undefined ? {} : { error: context }),
    ...(file === undefined ? {} : { missingFile: file }),
  };
}
