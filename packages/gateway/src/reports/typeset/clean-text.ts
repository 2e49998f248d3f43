/**
 * A text without what has no look of its own: control characters, directional overrides, byte order marks, halves
 * of characters. Zero-width spaces stay, as places where a line may break.
 */
export const cleanText = (text: string): string =>
  text
    .replace(/\p{Cs}/gu, '\ufffd')
    .normalize('NFC')
    .replace(/\r\n?|[\n\u0085\u2028\u2029\t\v\f]/g, ' ')
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu, '')
    .replace(/[\u2000-\u200a\u205f\u1680]/g, ' ')
    .replace(/[\u00a0\u202f]/g, '\u00a0');

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Marks stacked higher than that are made to break pages. */
const mostMarks = 12;

/** What a reader takes for one character each. */
export const charactersOf = (text: string): string[] =>
  Array.from(graphemes.segment(text), ({ segment }) => bounded(segment));

const bounded = (character: string): string => {
  if (character.length <= mostMarks) return character;
  const points = [...character];
  return isEmoji(character) ? character : points.slice(0, mostMarks).join('');
};

// Its own flag is younger than the language version that the sources are checked against.
// biome-ignore lint/complexity/useRegexLiterals: the compiler refuses it as a literal.
const joinedEmoji = new RegExp('^\\p{RGI_Emoji}$', 'v');

/** Whether it is to be shown as a coloured picture: flags and joined ones too. */
export const isEmoji = (character: string): boolean =>
  (joinedEmoji.test(character) && !isTextFirst(character)) ||
  /\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|\p{Regional_Indicator}|\u20e3/u.test(
    character,
  );

/** Digits, © and the like, which are emoji only when they are asked to be. */
const isTextFirst = (character: string): boolean =>
  /^\p{Emoji}$/u.test(character) && !/\p{Emoji_Presentation}/u.test(character);

/** Written from right to left. */
export const isRightToLeft = (character: string): boolean =>
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}\p{Script=Hanifi_Rohingya}]/u.test(
    character,
  );

/** Takes the direction of what is around it. */
export const isNeutral = (character: string): boolean =>
  /^[\p{Zs}\p{P}\p{S}\p{Nd}\p{M}\u200b]+$/u.test(character);

/** In the fonts for Chinese, where xeCJK puts it. */
export const isCjk = (character: string): boolean =>
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303f\u31c0-\u31ef\ufe30-\ufe4f\uff00-\uffef]/u.test(
    character,
  );
