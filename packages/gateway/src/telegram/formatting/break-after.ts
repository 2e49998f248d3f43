/** A message is broken in its second half, so that no short ones come about. */
const earliest = 0.5;
/** The longest character that is looked for: a family of emoji has 11 units, and marks can be added. */
const longestCharacter = 64;

/**
 * Where to break a text: between paragraphs, else lines, else lines of code, else words, else characters.
 * @param from where the message begins
 * @param most UTF-16 units that it may have
 * @param isCode whether a place is in a block of code
 * @returns the end of the message, after `from`
 */
export function breakAfter(
  text: string,
  from: number,
  most: number,
  isCode: (at: number) => boolean,
): number {
  const limit = from + most;
  if (limit >= text.length) return text.length;
  const least = from + Math.ceil(most * earliest);
  const notCode = (at: number): boolean => !isCode(at);
  const anywhere = (): boolean => true;
  return (
    lastOf(text, '\n\n', least, limit, notCode) ??
    lastOf(text, '\n', least, limit, notCode) ??
    lastOf(text, '\n', least, limit, anywhere) ??
    lastOf(text, ' ', least, limit, anywhere) ??
    endOfCharacter(text, from, limit)
  );
}

/** The last place of what separates, between both places. */
function lastOf(
  text: string,
  separator: string,
  least: number,
  limit: number,
  fits: (at: number) => boolean,
): number | undefined {
  for (let at = text.lastIndexOf(separator, limit); at >= least; ) {
    if (fits(at)) return at;
    if (at === 0) return undefined;
    at = text.lastIndexOf(separator, at - 1);
  }
  return undefined;
}

/** The last end of a whole character, as people see characters, that is not after the limit. */
function endOfCharacter(text: string, from: number, limit: number): number {
  const start = wholeUnit(text, Math.max(from, limit - longestCharacter));
  const window = text.slice(start, limit + longestCharacter);
  const ends = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(window)]
    .map(({ index }) => start + index)
    .filter((end) => end > start && end <= limit);
  return ends.at(-1) ?? wholeUnit(text, limit);
}

/** A place that is not between the halves of a surrogate pair: this one, or the one before. */
const wholeUnit = (text: string, at: number): number =>
  /[\udc00-\udfff]/.test(text[at] ?? '') && /[\ud800-\udbff]/.test(text[at - 1] ?? '')
    ? at - 1
    : at;
