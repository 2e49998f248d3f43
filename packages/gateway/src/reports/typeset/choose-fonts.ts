import type { FontBook, FontFamily } from './font-book.ts';
import { TypesetError } from './typeset-error.ts';

/** The fonts that a report is set in. */
export interface ReportFonts {
  readonly serif: FontFamily;
  readonly sans: FontFamily;
  readonly mono: FontFamily;
  readonly cjkSerif: FontFamily;
  readonly cjkSans: FontFamily;
  /** For emphasis in Chinese, which has no italics. */
  readonly cjkKai: FontFamily | undefined;
  /** Colour pictures. */
  readonly emoji: FontFamily | undefined;
  /** For characters that those don't have, the best first. */
  readonly others: readonly FontFamily[];
}

const serifs = [
  'Source Serif 4',
  'Noto Serif',
  'TeX Gyre Pagella',
  'P052',
  'Palatino',
  'Charter',
  'Times New Roman',
  'Latin Modern Roman',
  'DejaVu Serif',
];
const sanses = [
  'Source Sans 3',
  'Noto Sans',
  'Helvetica Neue',
  'TeX Gyre Heros',
  'Nimbus Sans',
  'Arial',
  'DejaVu Sans',
  'Latin Modern Sans',
];
const monos = ['Noto Sans Mono', 'DejaVu Sans Mono', 'Menlo', 'Latin Modern Mono'];
const cjkSerifs = [
  'Noto Serif CJK SC',
  'Source Han Serif SC',
  'Noto Serif SC',
  'Songti SC',
  'STSong',
];
const cjkSanses = [
  'Noto Sans CJK SC',
  'Source Han Sans SC',
  'Noto Sans SC',
  'Hiragino Sans GB',
  'Heiti SC',
  'STHeiti',
];
const kais = ['Kaiti SC', 'STKaiti', 'AR PL UKai CN', 'AR PL KaitiM GB', 'LXGW WenKai'];
const emojis = ['Noto Color Emoji', 'Apple Color Emoji', 'Twemoji Mozilla'];
/** Asked first for what the others lack; then any font that has it. */
const fallbacks = [
  'DejaVu Sans',
  'Noto Sans',
  'FreeSerif',
  'FreeSans',
  'Arial Unicode MS',
  'Symbola',
];

const advice = {
  latin: 'Debian: apt-get install fonts-dejavu-core lmodern. macOS has them.',
  cjk: 'Debian: apt-get install fonts-noto-cjk. macOS has Songti SC; else brew install --cask font-noto-serif-cjk-sc.',
};

/**
 * The best fonts of those that are installed.
 * @throws TypesetError `missing`, naming the package to install
 */
export function chooseFonts(book: FontBook): ReportFonts {
  const need = (what: string, names: readonly string[], how: string): FontFamily => {
    const family = book.first(names);
    if (family !== undefined) return family;
    const words = `There is no ${what} font for reports (looked for ${names.slice(0, 4).join(', ')}…). ${how}`;
    throw new TypesetError('missing', words);
  };
  const either = [...cjkSerifs, ...cjkSanses];
  const cjkSerif = need('Chinese', either, advice.cjk);
  return {
    serif: need('Latin', serifs, advice.latin),
    sans: need('sans-serif', sanses, advice.latin),
    mono: need('monospaced', monos, advice.latin),
    cjkSerif,
    cjkSans: book.first(cjkSanses) ?? cjkSerif,
    cjkKai: book.first(kais),
    emoji: book.first(emojis) ?? book.all().find(({ colour }) => colour),
    others: othersOf(book),
  };
}

function othersOf(book: FontBook): FontFamily[] {
  const first = fallbacks.flatMap((name) => book.find(name) ?? []);
  const rest = book
    .all()
    .filter((family) => !family.colour && !first.includes(family))
    // Any order will do, as long as it is the same tomorrow. Fonts that draw codes are none.
    .filter(({ name }) => !/last ?resort|unifont|blank|barcode/i.test(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [...first, ...rest];
}
