import type { ErrorCode, TurnId } from '@mini-claude-bot/contract';
import type { ReportContent } from '../content.ts';
import type { ReportDefinition } from '../definitions/definition.ts';

/**
 * How far a run is. Each state says what comes next, so that a run that was broken off goes on from there:
 * `writing`: Claude is asked. `checking`: its links are asked for. `setting`: it becomes files, and is mailed in the
 * same transaction that finishes it.
 */
export type RunState = 'writing' | 'checking' | 'setting' | 'finished' | 'failed' | 'stopped';

export const isOpen = (state: RunState): boolean =>
  state === 'writing' || state === 'checking' || state === 'setting';

/** Who gets it: all whom its definition names, those of REPORT_CC alone, or nobody. */
export type Audience = 'all' | 'preview' | 'nobody';

/** A file that was made of a report. */
export interface ReportFile {
  readonly kind: 'pdf' | 'text' | 'html';
  readonly name: string;
  /** Bytes. */
  readonly size: number;
}

export interface ReportRun {
  readonly seq: number;
  readonly id: string;
  readonly report: string;
  /** `2026-03-01`, in the zone of the report. */
  readonly day: string;
  readonly key: string | null;
  readonly audience: Audience;
  readonly state: RunState;
  /** As it was when the run began. */
  readonly definition: ReportDefinition;
  readonly content: ReportContent | undefined;
  /** Why it failed, in words. */
  readonly problem: string | null;
  readonly files: readonly ReportFile[];
  readonly mailId: string | null;
  readonly createdAtMs: number;
  readonly finishedAtMs: number | null;
}

/** What Claude was asked for a run. */
export interface Ask {
  readonly n: number;
  /** Null: the whole report. */
  readonly section: string | null;
  readonly turnId: TurnId;
  readonly state: 'asked' | 'answered' | 'failed';
  /** As it came; undefined where nothing did. */
  readonly answer: unknown;
  readonly errorCode: ErrorCode | null;
  readonly problem: string | null;
}
