/**
 * A word as it is compared: without case, width (Ａ, ﾊﾝ), ligatures and the accents of European letters.
 * Marks of other scripts tell words apart and stay.
 */
export const fold = (word: string): string =>
  isAscii.test(word)
    ? word.toLowerCase()
    : word
        .normalize('NFKD')
        .replace(europeanAccents, '')
        .normalize('NFC')
        .toLowerCase()
        .replace(/ß/g, 'ss');

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is meant.
const isAscii = /^[\0-\x7f]*$/;
const europeanAccents = /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{M}*)\p{M}/gu;
