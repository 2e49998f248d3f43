/** Characters that take two columns of a terminal: Han, kana, Hangul, full-width forms, emoji. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

/** Cut a line to so many columns, with `…` where something is missing. */
export function fitLine(line: string, columns: number): string {
  let used = 0;
  let fitting = '';
  for (const character of line) {
    const width = wide.test(character) ? 2 : 1;
    // One column is kept for the mark.
    if (used + width > columns - 1) return columnsOf(line) <= columns ? line : `${fitting}…`;
    used += width;
    fitting += character;
  }
  return line;
}

/** How many columns of a terminal a line takes. */
export const columnsOf = (line: string): number =>
  [...line].reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
