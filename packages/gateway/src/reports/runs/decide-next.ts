import type { ErrorCode } from '@mini-claude-bot/contract';
import type { ReportDefinition } from '../definitions/definition.ts';
import { type Draft, draftOf } from '../writing/compose-content.ts';
import { nothing, type ReadAnswer, readAnswer } from '../writing/read-answer.ts';
import type { Ask } from './run.ts';

/** What comes next in a run that is being written. */
export type NextInWriting =
  /** A turn of it goes on. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'ask whole' }
  /** `why` its section could not be used. */
  | { readonly kind: 'ask section'; readonly section: string; readonly why: string }
  | { readonly kind: 'written'; readonly draft: Draft }
  | { readonly kind: 'fail'; readonly problem: string };

/** Faults that the next turn would meet as well. */
const lasting: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'not_logged_in',
  'billing',
  'rate_limited',
  'claude_missing',
  'claude_too_old',
  'claude_start_failed',
  'model_unavailable',
  'directory_unusable',
]);
/** Turns that fail one after another, before no more are tried. */
const mostFailures = 2;

/**
 * The whole report is asked for first, and again where its turn failed; then each section that could not be used,
 * once, by itself.
 * @param asks in order
 */
export function decideNext(definition: ReportDefinition, asks: readonly Ask[]): NextInWriting {
  const last = asks.at(-1);
  if (last === undefined) return { kind: 'ask whole' };
  if (last.state === 'asked') return { kind: 'wait' };
  const whole = asks.filter(({ section }) => section === null);
  const givesUp = hasToGiveUp(asks);
  if (!givesUp && whole.every(({ state }) => state === 'failed')) return { kind: 'ask whole' };
  const reads = asks.map((ask) => readOf(definition, ask));
  const draft = draftOf(reads);
  const section = givesUp ? undefined : sectionToAsk(definition, asks, draft);
  if (section !== undefined) {
    const why = reads.map(({ sections }) => sections.get(section)).findLast((read) => read);
    return {
      kind: 'ask section',
      section,
      why: why?.kind === 'unusable' ? why.why : 'it is missing',
    };
  }
  if (draft.sections.size > 0) return { kind: 'written', draft };
  return { kind: 'fail', problem: last.problem ?? 'no section of it could be had' };
}

function hasToGiveUp(asks: readonly Ask[]): boolean {
  const last = asks.at(-1);
  if (last?.state !== 'failed') return false;
  if (last.errorCode !== null && lasting.has(last.errorCode)) return true;
  const latest = asks.slice(-mostFailures);
  return latest.length === mostFailures && latest.every(({ state }) => state === 'failed');
}

const sectionToAsk = (
  { sections }: ReportDefinition,
  asks: readonly Ask[],
  draft: Draft,
): string | undefined =>
  sections.find(({ id }) => !draft.sections.has(id) && !asks.some(({ section }) => section === id))
    ?.id;

function readOf(definition: ReportDefinition, ask: Ask): ReadAnswer {
  const asked = ask.section === null ? definition.sections.map(({ id }) => id) : [ask.section];
  const read =
    ask.state === 'answered'
      ? readAnswer(ask.answer, definition, asked)
      : nothing(asked, ask.problem ?? 'nothing came');
  // What stands around a section that was asked for alone is of no report.
  return ask.section === null
    ? read
    : { ...read, headline: undefined, summary: [], note: undefined };
}
