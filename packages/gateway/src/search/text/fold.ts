import { stemmer } from 'stemmer';

/**
 * A word as it is indexed and looked for: folded, and an English one without its ending (Porter's algorithm), so that
 * `connecting` finds `connection`.
 */
export const termOf = (word: string): string => {
  const folded = fold(word);
  return isEnglish.test(folded) ? stemmer(folded) : folded;
};

const isEnglish = /^[a-z]{3,40}$/;

/**
 * A word as it is compared: without case, width (Ａ, ﾊﾝ), ligatures and the accents of European letters.
 * Marks of other scripts tell words apart and stay.
 */
export function fold(word: string): string {
  if (isAscii.test(word)) return word.toLowerCase();
  if (isHan.test(word)) return word;
  return word
    .normalize('NFKD')
    .replace(europeanAccents, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/ß/g, 'ss');
}

const isAscii = /^[\0-\x7f]*$/;
/** Characters of which there is no other form: most of all Chinese, and they need not be looked at one by one. */
const isHan = /^[\u4e00-\u9fff]*$/;
const europeanAccents = /(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]\p{M}*)\p{M}/gu;
