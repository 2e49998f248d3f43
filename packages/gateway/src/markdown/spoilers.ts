import type { MarkdownIt, StateInline } from 'markdown-it';

const mark = '||';
/** What the parser takes for text at one go: it must stop at whatever may begin something, `|` included. */
const plain = /[^\n!#$%&*+\-:<=>@[\\\]^_`{|}~]+/y;
const isLetter = (character: string | undefined): boolean =>
  character !== undefined && /[\p{L}\p{N}]/u.test(character);
const isBlank = (character: string | undefined): boolean =>
  character === undefined || /\s/.test(character);

/**
 * `||hidden||`, as people write spoilers for Telegram. The marks touch what is hidden, and no letter or
 * digit touches them from outside: `a || b` and `a||b||c` are code that somebody quotes.
 */
export function spoilers(parser: MarkdownIt): void {
  parser.inline.ruler.at('text', (state, silent) => {
    plain.lastIndex = state.pos;
    const [text] = plain.exec(state.src.slice(0, state.posMax)) ?? [];
    if (text === undefined) return false;
    if (!silent) state.pending += text;
    state.pos += text.length;
    return true;
  });
  parser.inline.ruler.before('emphasis', 'spoiler', readSpoiler);
}

function readSpoiler(state: StateInline, silent: boolean): boolean {
  const { src, pos: start, posMax: end } = state;
  if (!src.startsWith(mark, start)) return false;
  const from = start + mark.length;
  const to = src.indexOf(mark, from + 1);
  if (to === -1 || to + mark.length > end) return false;
  if (isBlank(src[from]) || isBlank(src[to - 1])) return false;
  if (isLetter(src[start - 1]) || isLetter(src[to + mark.length])) return false;
  if (!silent) {
    state.push('spoiler_open', 'span', 1);
    state.pos = from;
    state.posMax = to;
    state.md.inline.tokenize(state);
    state.push('spoiler_close', 'span', -1);
  }
  state.pos = to + mark.length;
  state.posMax = end;
  return true;
}
