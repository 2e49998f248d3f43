/** A piece of a text, in UTF-16 units. */
export interface Passage {
  readonly start: number;
  readonly end: number;
  /** Where the next one begins; undefined: this is the last. */
  readonly next: number | undefined;
}

/** What an embedding model takes well: about 250 English words, or as many tokens as Chinese characters. */
const longest = 1_000;
/** A sentence that a border cuts is whole in one of the two. */
const overlap = 120;

const borders = [/\n\s*\n/g, /\n/g, /[.!?](?=\s)|[。！？；]/g, /\s/g];

/**
 * The passage of a text that begins at `start`: at most 1,000 units, ending at a paragraph, a line, a
 * sentence or a word where there is one in its last third. Nothing is skipped.
 */
export function passageAt(text: string, start: number): Passage {
  if (text.length - start <= longest) return { start, end: text.length, next: undefined };
  const end = wholeCharacter(text, borderIn(text, start + (longest * 2) / 3, start + longest));
  return { start, end, next: wholeCharacter(text, beginAfter(text, end)) };
}

function borderIn(text: string, from: number, to: number): number {
  const first = Math.ceil(from);
  const part = text.slice(first, to);
  for (const border of borders) {
    const last = [...part.matchAll(border)].at(-1);
    if (last !== undefined) return first + last.index + last[0].length;
  }
  return to;
}

/** A little before the border, at the beginning of a word where there is one. */
function beginAfter(text: string, end: number): number {
  const from = end - overlap;
  const space = /\s(?=\S)/.exec(text.slice(from, end));
  return space === null ? from : from + space.index + 1;
}

/** No surrogate pair is cut. */
const wholeCharacter = (text: string, at: number): number => {
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at - 1 : at;
};
