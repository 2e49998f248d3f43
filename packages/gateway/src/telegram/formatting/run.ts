import type { TelegramStyle } from '../entities.ts';

/**
 * A stretch of text with the same styles everywhere. Neighbours whose styles are the same objects belong
 * together: two links to one address are two objects.
 */
export interface Run {
  readonly text: string;
  readonly styles: readonly TelegramStyle[];
}

const order = [
  'blockquote',
  'expandable_blockquote',
  'text_link',
  'spoiler',
  'bold',
  'italic',
  'strikethrough',
  'code',
  'pre',
] as const satisfies readonly TelegramStyle['type'][];

/**
 * The styles as Telegram takes them together: each kind once, from the outermost to the innermost, and
 * beside code nothing but a quote. A link to a piece of code is worth more as a link, and what is hidden
 * stays hidden.
 */
export function compatible(styles: readonly TelegramStyle[]): TelegramStyle[] {
  const once = order.flatMap((type) => styles.find((style) => style.type === type) ?? []);
  const has = (type: TelegramStyle['type']): boolean => once.some((style) => style.type === type);
  const isQuote = ({ type }: TelegramStyle): boolean =>
    type === 'blockquote' || type === 'expandable_blockquote';
  if (has('pre')) return once.filter((style) => style.type === 'pre' || isQuote(style));
  if (!has('code')) return once;
  if (has('text_link') || has('spoiler')) return once.filter(({ type }) => type !== 'code');
  return once.filter((style) => style.type === 'code' || isQuote(style));
}

/**
 * The text as Telegram shows it, so that we count as it does: control characters become spaces, and those
 * that turn the direction of writing around are taken out (fix_formatted_text of TDLib). A tab would be
 * one space only. Halves of characters have no form in UTF-8.
 */
export const visible = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029]/g, '\n')
    .replace(/\t/g, '    ')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that are replaced.
    .replace(/[\u0000-\u0009\u000b-\u001f]/g, ' ')
    .replace(/[\u202a-\u202e]/g, '')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
