import type { TelegramEntity, TelegramStyle } from '../entities.ts';
import type { Run } from './run.ts';

interface Open {
  readonly style: TelegramStyle;
  readonly from: number;
}

/**
 * The styles of a text as Telegram's entities: each within the one around it, none that crosses another,
 * none empty or around nothing but blanks, and none that begins or ends with blanks (Telegram would cut
 * those away itself). Where a style ends inside of another, that one is closed and opened again.
 */
export function entitiesOf(runs: readonly Run[]): TelegramEntity[] {
  const text = runs.map((run) => run.text).join('');
  const entities: TelegramEntity[] = [];
  let open: Open[] = [];
  let at = 0;
  const close = (kept: number): void => {
    for (const { style, from } of open.slice(kept)) {
      const [offset, end] = withoutBlanks(text, from, at);
      if (offset < end) entities.push({ ...style, offset, length: end - offset });
    }
    open = open.slice(0, kept);
  };
  for (const { text: piece, styles } of runs) {
    const differs = styles.findIndex((style, depth) => open[depth]?.style !== style);
    const kept = differs === -1 ? styles.length : differs;
    close(kept);
    open = [...open, ...styles.slice(kept).map((style) => ({ style, from: at }))];
    at += piece.length;
  }
  close(0);
  // The outer one first, where two begin at the same place.
  return entities.sort((a, b) => a.offset - b.offset || b.length - a.length);
}

const isBlank = (character: string | undefined): boolean => character === ' ' || character === '\n';

function withoutBlanks(text: string, from: number, to: number): [number, number] {
  let [start, end] = [from, to];
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return [start, end];
}
