const patterns: readonly [RegExp, string][] = [
  [/\bsk-[\w-]{8,}/g, 'sk-…'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 …'],
  // A Telegram bot's, also in the address of a call.
  [/\b(bot)?\d{6,12}:[\w-]{30,}/g, '$1…'],
  // A proxy or a gateway may be named with its password. (Quotes: the text may be JSON, and stays it.)
  [/(\w:\/\/)[^\s/@"\\]+@/g, '$1…@'],
];

/** Words of a program that people are going to read, less what looks like a key, token or password. */
export const withoutSecrets = (text: string): string =>
  patterns.reduce((rest, [pattern, instead]) => rest.replace(pattern, instead), text);
