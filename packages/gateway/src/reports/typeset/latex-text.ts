import type { ReportFonts } from './choose-fonts.ts';
import { charactersOf, cleanText, isCjk, isEmoji, isNeutral, isRightToLeft } from './clean-text.ts';
import type { FontFamily } from './font-book.ts';

/** Scripts whose letters change with what stands beside them, which a font does only when it is told the script. */
const shaped = [
  'Arabic',
  'Hebrew',
  'Syriac',
  'Devanagari',
  'Bengali',
  'Gurmukhi',
  'Gujarati',
  'Tamil',
  'Telugu',
  'Kannada',
  'Malayalam',
  'Thai',
  'Khmer',
].map((name) => ({ name, letter: new RegExp(`\\p{Script=${name}}`, 'u') }));

const scriptOf = (character: string): string | undefined =>
  shaped.find(({ letter }) => letter.test(character))?.name;

/** Which of the report's fonts is meant; `italic` is the serif one, slanted. */
export type FontRole = 'serif' | 'italic' | 'sans' | 'mono';

/** Does not come in a cleaned text. */
const wordSpace = '\u2002';

/** Words longer than that may break anywhere; a shorter one with an address in it after its marks. */
const longestWord = 36;
const longestTail = 20;

/** It is known of the regular face alone which characters it has. */
const oneFace =
  'UprightFont=*,BoldFont=*,ItalicFont=*,BoldItalicFont=*,BoldFeatures={FakeBold=2},BoldItalicFeatures={FakeBold=2}';

/** Each, written so that nothing of it means anything to TeX. */
const specials: Readonly<Record<string, string>> = Object.fromEntries(
  ['\\', '{', '}', '$', '&', '#', '^', '_', '~', '%'].map((each) => [
    each,
    `{\\char${each.charCodeAt(0)}}`,
  ]),
);

interface Piece {
  readonly tex: string;
  /** Command that chooses its font; empty: the present one. */
  readonly font: string;
  readonly side: 'left' | 'right' | 'neutral';
  readonly space: boolean;
}

/**
 * Writes text as LaTeX, with each character in a font that has it. What comes out holds no command but ours, so no
 * text can end a group, begin a command, or leave the page unset.
 */
export class LatexText {
  readonly #fonts: ReportFonts;
  readonly #emoji: { of: (emoji: string) => string[] };
  /** The letters of a font's command, by what stands in its definition. */
  readonly #extra = new Map<string, string>();
  readonly #chosen = new Map<string, string | undefined>();

  constructor(fonts: ReportFonts, emoji: { of: (emoji: string) => string[] }) {
    this.#fonts = fonts;
    this.#emoji = emoji;
  }

  /** Definitions of the fonts that the text written so far needs beside the report's own. */
  get fontDefinitions(): string {
    return [...this.#extra]
      .map(
        ([definition, command]) =>
          `\\newfontfamily\\mcbF${command}${definition}\n\\newCJKfontfamily\\mcbC${command}${definition}\n`,
      )
      .join('');
  }

  /** Text of one line as it stands. */
  write(text: string, role: FontRole = 'serif'): string {
    // Between Chinese characters spaces mean nothing; between Korean words they do.
    const clean = cleanText(text).replace(
      /(?<=\p{Script=Hangul}) (?=\p{Script=Hangul})/gu,
      wordSpace,
    );
    const pieces = splitLong(charactersOf(clean)).map((each) => this.#piece(each, role));
    return turned(pieces);
  }

  #piece(character: string, role: FontRole): Piece {
    if (character === '\u200b')
      return { tex: '\\mcbBreak{}', font: '', side: 'neutral', space: false };
    if (character === ' ') return { tex: ' ', font: '', side: 'neutral', space: true };
    if (character === wordSpace)
      return { tex: '\\mcbWordSpace{}', font: '', side: 'neutral', space: true };
    if (character === '\u00a0')
      return { tex: '\\nobreakspace{}', font: '', side: 'neutral', space: true };
    if (character === '\u00ad') return { tex: '\\-', font: '', side: 'neutral', space: false };
    const picture = isEmoji(character) ? this.#pictures(character) : undefined;
    if (picture !== undefined) return picture;
    const shown = withoutSelectors(character);
    if (shown === '') return { tex: '', font: '', side: 'neutral', space: false };
    const font = this.#fontOf(shown, role);
    if (font === undefined) return this.#pictures(character) ?? codePoints(shown);
    const side = isRightToLeft(shown) ? 'right' : isNeutral(shown) ? 'neutral' : 'left';
    return { tex: escaped(shown), font, side, space: false };
  }

  #pictures(character: string): Piece | undefined {
    const names = this.#emoji.of(character);
    if (names.length === 0) return undefined;
    const tex = names.map((name) => `\\mcbEmoji{${name}}`).join('');
    return { tex, font: '', side: 'neutral', space: false };
  }

  /** The command that chooses a font for a character; undefined: no font has it. */
  #fontOf(character: string, role: FontRole): string | undefined {
    if (/^[\x21-\x7e]$/.test(character)) return '';
    const key = `${role} ${character}`;
    if (!this.#chosen.has(key)) this.#chosen.set(key, this.#choose(character, role));
    return this.#chosen.get(key);
  }

  #choose(character: string, role: FontRole): string | undefined {
    const { cjkSerif, cjkSans, cjkKai, others } = this.#fonts;
    const points = [...character]
      .map((each) => each.codePointAt(0) ?? 0)
      // They are there for what stands around them, and fonts need not have them.
      .filter((point) => point !== 0x200c && point !== 0x200d);
    const has = (font: FontFamily): boolean => points.every((point) => font.has(point));
    const cjk = role === 'serif' || role === 'italic' ? cjkSerif : cjkSans;
    const latin = this.#fonts[role === 'italic' ? 'serif' : role];
    // What stands for italics in Chinese has far fewer characters.
    const slanted = role === 'italic' ? (cjkKai ?? cjk) : cjk;
    const own = isCjk(character) ? slanted : latin;
    const script = scriptOf(character);
    if (has(own) && script === undefined) return '';
    const other = [own, cjk, ...others].find(has);
    return other === undefined ? undefined : this.#extraFont(other.name, script);
  }

  #extraFont(name: string, script: string | undefined): string {
    const features = script === undefined ? oneFace : `${oneFace},Script=${script}`;
    const definition = `{${name}}[${features}]`;
    const letters = this.#extra.get(definition) ?? lettersOf(this.#extra.size);
    this.#extra.set(definition, letters);
    return `\\mcbF${letters}\\mcbC${letters}`;
  }
}

/** Scripts whose letters are joined or kept apart by what has no width. */
const joining =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Mongolian}]/u;

const isSelector = (point: number): boolean =>
  (point >= 0xfe00 && point <= 0xfe0f) ||
  (point >= 0xe0000 && point <= 0xe01ef) ||
  (point >= 0x180b && point <= 0x180f) ||
  point === 0x34f;

/** Without selectors of a form that fonts choose by themselves, and joiners that join nothing. */
function withoutSelectors(character: string): string {
  const bare = [...character].filter((each) => !isSelector(each.codePointAt(0) ?? 0)).join('');
  return joining.test(bare) ? bare : bare.replace(/[\u200c\u200d]/g, '');
}

const escaped = (character: string): string =>
  [...character].map((each) => specials[each] ?? each).join('');

/** No font has it: its number is more honest than nothing. */
const codePoints = (character: string): Piece => {
  const numbers = [...character].map((each) => each.codePointAt(0)?.toString(16).toUpperCase());
  return {
    tex: `\\mcbUnknown{${numbers.slice(0, 4).join('+')}}`,
    font: '',
    side: 'neutral',
    space: false,
  };
};

/** 0 is `A`, 26 is `BA`: a command's name has letters only. */
const lettersOf = (n: number): string =>
  [...n.toString(26)].map((digit) => String.fromCharCode(65 + Number.parseInt(digit, 26))).join('');

/** Let a long word break: after the marks of an address, and where it is too long for a line, anywhere. */
function splitLong(characters: readonly string[]): string[] {
  const words: string[][] = [[]];
  for (const each of characters) {
    if (each === ' ') words.push([each], []);
    else words.at(-1)?.push(each);
  }
  return words.flatMap((word) => {
    if (word.length <= longestTail) return word;
    const anywhere = word.length > longestWord;
    return word.flatMap((each, n) => {
      if (n === word.length - 1 || isCjk(each)) return [each];
      // Their letters are joined: as few breaks as a line needs.
      if (isRightToLeft(each)) return anywhere && n % 10 === 9 ? [each, '\u200b'] : [each];
      return anywhere || /^[/?&=._:;,+-]$/.test(each) ? [each, '\u200b'] : [each];
    });
  });
}

/** Put the pieces together: runs in one font in one group, and those from right to left in one of theirs. */
function turned(pieces: readonly Piece[]): string {
  const out: string[] = [];
  let n = 0;
  while (n < pieces.length) {
    const end = pieces[n]?.side === 'right' ? endOfTurn(pieces, n) : endOfPlain(pieces, n);
    const text = joined(pieces.slice(n, end));
    out.push(pieces[n]?.side === 'right' ? `\\mcbRight{${text}}` : text);
    n = end;
  }
  return out.join('');
}

/** XeTeX breaks down on longer ones. */
const longestTurn = 1_500;

/** Neutral ones belong to it as far as another from right to left comes after them. */
function endOfTurn(pieces: readonly Piece[], start: number): number {
  let end = start + 1;
  const most = Math.min(pieces.length, start + longestTurn);
  for (let n = end; n < most && pieces[n]?.side !== 'left'; n += 1)
    if (pieces[n]?.side === 'right') end = n + 1;
  return end;
}

function endOfPlain(pieces: readonly Piece[], start: number): number {
  const next = pieces.findIndex(({ side }, n) => n > start && side === 'right');
  return next === -1 ? pieces.length : next;
}

function joined(pieces: readonly Piece[]): string {
  let text = '';
  let open = '';
  for (const { tex, font, space } of pieces) {
    // A space within a run of another font is set in that font.
    const wanted = space && open !== '' ? open : font;
    if (wanted !== open) {
      text += (open === '' ? '' : '}') + (wanted === '' ? '' : `{${wanted}{}`);
      open = wanted;
    }
    text += tex;
  }
  return open === '' ? text : `${text}}`;
}
