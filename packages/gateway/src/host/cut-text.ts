/**
 * The beginning of a text, never with half a character at its end: a lone surrogate has no UTF-8 form.
 * @param most UTF-16 units
 */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** The same, and it shows that something is missing. */
export const shortened = (text: string, most: number): string =>
  text.length <= most ? text : `${cutText(text, most)}…`;
