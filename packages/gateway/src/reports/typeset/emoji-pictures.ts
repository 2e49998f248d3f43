import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../host/logger.ts';
import type { FontFamily } from './font-book.ts';

/**
 * Cuts emoji out of a colour font, as PNG files: LaTeX has no way to draw such a font. Flags, skin tones and
 * families are found as the font joins them (HarfBuzz). The font is read when the first is asked for.
 */
export class EmojiPictures {
  readonly #directory: string;
  readonly #cut: (emoji: string) => Cut[];
  readonly #written = new Map<number, Uint8Array>();

  private constructor(directory: string, cut: (emoji: string) => Cut[]) {
    this.#directory = directory;
    this.#cut = cut;
  }

  /** @param directory where the pictures go */
  static async open(
    font: FontFamily | undefined,
    directory: string,
    logger: Logger,
  ): Promise<EmojiPictures> {
    if (font === undefined) return new EmojiPictures(directory, () => []);
    try {
      return new EmojiPictures(directory, await openColourFont(font.file));
    } catch (error) {
      logger.warn({ err: error, font: font.name }, 'the emoji font cannot be read');
      return new EmojiPictures(directory, () => []);
    }
  }

  /**
   * Names of the pictures that show an emoji: one, or several side by side where the font does not join it.
   * None when it has no such picture.
   */
  of(emoji: string): string[] {
    const cuts = this.#cut(emoji);
    for (const { glyph, png } of cuts) this.#written.set(glyph, png);
    return cuts.map(({ glyph }) => nameOf(glyph));
  }

  /** Write the pictures that were asked for. */
  async save(): Promise<void> {
    for (const [glyph, png] of this.#written)
      await writeFile(join(this.#directory, nameOf(glyph)), png);
  }
}

interface Cut {
  readonly glyph: number;
  readonly png: Uint8Array;
}

const nameOf = (glyph: number): string => `emoji-${glyph}.png`;

async function openColourFont(file: string): Promise<(emoji: string) => Cut[]> {
  const { Blob, Buffer: ShapeBuffer, Face, Font, shape } = await import('harfbuzzjs');
  const bytes = await readFile(file);
  const font = new Font(new Face(new Blob(bytes)));
  const known = new Map<string, Cut[]>();
  const cut = (emoji: string): Cut[] => {
    const buffer = new ShapeBuffer();
    buffer.addText(emoji);
    buffer.guessSegmentProperties();
    shape(font, buffer);
    return buffer.getGlyphInfos().flatMap(({ codepoint: glyph }) => {
      const png = font.getGlyphColorPng(glyph);
      // The library's memory is its own: it may be another's tomorrow.
      return png === undefined || png.length === 0 ? [] : [{ glyph, png: png.slice() }];
    });
  };
  return (emoji) => {
    const cuts = known.get(emoji) ?? cut(emoji);
    known.set(emoji, cuts);
    return cuts;
  };
}
