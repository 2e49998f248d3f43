/** A Telegram token, wherever it stands: in an address it follows `bot`. */
const anyToken = /\d{3,20}:[\w-]{20,}/g;

/** Words that can be shown and stored: neither this token nor anything that looks like one is in them. */
export function withoutToken(words: string, token: string): string {
  const known = token === '' ? words : words.replaceAll(token, '[token]');
  return known.replace(anyToken, '[token]');
}
