/** What a check found. `problem`: the gateway, or its answers, will not work. */
export type FindingState = 'ok' | 'warning' | 'problem';

/** One thing that was checked. */
export interface Finding {
  /** Names the check; stays the same over versions. */
  readonly id: string;
  readonly state: FindingState;
  /** What was found, in one line. */
  readonly found: string;
  /** What to do about it. Always there where something is not well. */
  readonly fix?: string;
  /** Does what `fix` says, where that can harm nothing: `doctor --fix` calls it. */
  readonly mend?: () => void;
}

export const ok = (id: string, found: string): Finding => ({ id, state: 'ok', found });

export const warning = (id: string, found: string, fix: string): Finding => ({
  id,
  state: 'warning',
  found,
  fix,
});

export const problem = (id: string, found: string, fix: string): Finding => ({
  id,
  state: 'problem',
  found,
  fix,
});

/** The same, with a way to do it at once. */
export const mendable = (finding: Finding, mend: () => void): Finding => ({ ...finding, mend });

/** The words of whatever was thrown. */
export const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
