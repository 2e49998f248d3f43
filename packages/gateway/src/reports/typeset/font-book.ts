import { runTool } from '../../host/run-tool.ts';
import { Charset } from './charset.ts';
import { TypesetError } from './typeset-error.ts';

/** A family of fonts that is installed. */
export interface FontFamily {
  readonly name: string;
  /** File of its regular face. */
  readonly file: string;
  readonly colour: boolean;
  readonly has: (character: number) => boolean;
}

const listMs = 30_000;
/** One line for each face; the charset is last, it is the longest. */
const format = '%{family[0]}\t%{file}\t%{style[0]}\t%{color}\t%{charset}\n';
/** What can stand in a font's name within LaTeX as it is. */
const plainName = /^[A-Za-z0-9][A-Za-z0-9 .-]{0,80}$/;
const regular = /^(regular|book|roman|normal|medium|light|w\d|\d+ regular)?$/i;

/**
 * The fonts of this machine, by fontconfig.
 * @throws TypesetError `missing` when fontconfig's `fc-list` is not installed
 */
export async function readFontBook(
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<FontBook> {
  const end = await runTool('fc-list', ['--format', format], { env, limitMs: listMs, signal });
  if (end.kind === 'missing') {
    throw new TypesetError(
      'missing',
      'The program fc-list, which finds fonts, is not installed. Debian: apt-get install fontconfig. ' +
        'macOS: brew install fontconfig.',
    );
  }
  if (end.kind !== 'exited' || end.code !== 0) {
    const why =
      end.kind === 'failed' ? end.why : end.kind === 'exited' ? `code ${end.code}` : end.kind;
    throw new TypesetError('failed', `The fonts can't be listed: fc-list ended with ${why}.`);
  }
  return new FontBook(end.stdout);
}

/** Which families there are, and which characters they have. */
export class FontBook {
  readonly #families = new Map<string, FontFamily>();

  /** @param listed what fc-list prints in our format */
  constructor(listed: string) {
    const faces = listed.split('\n').flatMap((line) => faceOf(line));
    // The regular face stands for its family.
    for (const face of faces.toSorted((a, b) => Number(b.regular) - Number(a.regular)))
      if (!this.#families.has(face.name)) this.#families.set(face.name, face);
  }

  find(name: string): FontFamily | undefined {
    return this.#families.get(name);
  }

  /** The first of these that is installed. */
  first(names: readonly string[]): FontFamily | undefined {
    return names.flatMap((name) => this.find(name) ?? [])[0];
  }

  all(): FontFamily[] {
    return [...this.#families.values()];
  }
}

function faceOf(line: string): (FontFamily & { regular: boolean })[] {
  const [name = '', file = '', style = '', colour = '', listed = ''] = line.split('\t');
  // XeTeX takes no Type 1 fonts by their name, and bitmap fonts are for terminals.
  if (!plainName.test(name) || !/\.(otf|ttf|ttc|otc)$/i.test(file)) return [];
  let charset: Charset | undefined;
  const has = (character: number): boolean => {
    charset ??= new Charset(listed);
    return charset.has(character);
  };
  return [{ name, file, colour: colour === 'True', has, regular: regular.test(style) }];
}
