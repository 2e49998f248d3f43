import { longestMessage, mostEntities } from '../entities.ts';
import type { StyledText } from '../telegram.ts';
import { breakAfter } from './break-after.ts';
import { entitiesOf } from './entities-of.ts';
import type { Run } from './run.ts';

/** A message is not cut shorter than this for the sake of its styles: the last of them are left out. */
const shortestForStyles = 1000;

/**
 * A text as messages that Telegram takes: at most 4,096 UTF-16 units and 100 entities each. They break
 * between paragraphs, lines or words where that is possible, never inside a character, and a style or a
 * block of code that is open at the end of one goes on in the next. What is left out between two of them
 * are blanks alone; a text of nothing but blanks has no messages.
 */
export function splitMessage(runs: readonly Run[]): StyledText[] {
  const text = runs.map((run) => run.text).join('');
  const isCode = codeMap(runs);
  const messages: StyledText[] = [];
  let from = skipBlanks(text, 0, isCode);
  while (from < text.length) {
    const to = endOfMessage(runs, text, from, isCode);
    const message = messageOf(runs, text, from, to);
    if (message.text !== '') messages.push(message);
    from = skipBlanks(text, to, isCode);
  }
  return messages;
}

function endOfMessage(
  runs: readonly Run[],
  text: string,
  from: number,
  isCode: (at: number) => boolean,
): number {
  const to = breakAfter(text, from, longestMessage, isCode);
  const entities = entitiesOf(slice(runs, from, to));
  const next = entities[mostEntities];
  if (next === undefined || next.offset <= shortestForStyles) return to;
  return breakAfter(text, from, next.offset, isCode);
}

function messageOf(runs: readonly Run[], text: string, from: number, to: number): StyledText {
  let end = to;
  while (end > from && /\s/.test(text[end - 1] ?? '')) end -= 1;
  const entities = entitiesOf(slice(runs, from, end)).slice(0, mostEntities);
  return { text: text.slice(from, end), entities };
}

/** The runs of a stretch of the text. */
function slice(runs: readonly Run[], from: number, to: number): Run[] {
  const pieces: Run[] = [];
  let at = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, from - at), Math.max(0, to - at));
    if (text !== '') pieces.push({ ...run, text });
    at += run.text.length;
    if (at >= to) break;
  }
  return pieces;
}

/** Where the next message begins: in code after line breaks only, since its spaces mean something. */
function skipBlanks(text: string, from: number, isCode: (at: number) => boolean): number {
  let at = from;
  while (at < text.length && (text[at] === '\n' || (/\s/.test(text[at] ?? '') && !isCode(at))))
    at += 1;
  return at;
}

/** Whether a place of the text is in a block of code. */
function codeMap(runs: readonly Run[]): (at: number) => boolean {
  const blocks: { from: number; to: number }[] = [];
  let at = 0;
  for (const { text, styles } of runs) {
    const to = at + text.length;
    if (styles.some(({ type }) => type === 'pre')) blocks.push({ from: at, to });
    at = to;
  }
  return (place) => blocks.some(({ from, to }) => from <= place && place < to);
}
