import type { UsageBatch, UsageReading } from '@mini-claude-bot/claude/usage';
import type { SystemFigures } from '@mini-claude-bot/contract';
import type { StoredFigures } from '../stored-figures.ts';
import type { SummaryOptions } from '../usage/summarize-usage.ts';

/** What the thread is told. It does one thing at a time. */
export type MetricsCall =
  | {
      readonly kind: 'read';
      /** Claude's directory of transcripts. */
      readonly directory: string;
      /** Path of the database, which knows how far each was read. */
      readonly database: string;
    }
  /** A batch is written. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'collect'; readonly database: string; readonly options: SummaryOptions }
  /** How the machine is. @see SystemParts */
  | { readonly kind: 'look'; readonly directory: string };

/** What it says. */
export type MetricsAnswer =
  | { readonly kind: 'batch'; readonly batch: UsageBatch }
  | { readonly kind: 'read'; readonly reading: UsageReading }
  | { readonly kind: 'collected'; readonly figures: StoredFigures }
  | { readonly kind: 'seen'; readonly figures: SystemFigures }
  | { readonly kind: 'fault'; readonly words: string };

/** Batches that may be on the way: what is read faster than it is written waits. */
export const mostOnTheWay = 4;
