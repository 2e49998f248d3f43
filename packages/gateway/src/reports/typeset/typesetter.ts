import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../../host/logger.ts';
import { runTool } from '../../host/run-tool.ts';
import type { ReportContent } from '../content.ts';
import { builtInFile, fillTemplate, readTemplate } from '../templates.ts';
import { chooseFonts, type ReportFonts } from './choose-fonts.ts';
import { EmojiPictures } from './emoji-pictures.ts';
import { readFontBook } from './font-book.ts';
import { latexSlots, neededSlots } from './latex-report.ts';
import { LatexText } from './latex-text.ts';
import { readLog } from './read-log.ts';
import { toolEnvironment } from './tool-environment.ts';
import { TypesetError } from './typeset-error.ts';

/** What a typesetter works with. */
export interface TypesetterParts {
  /** XeLaTeX: a path, or a name to be found in PATH. */
  readonly program: string;
  /** The owner's environment; the typesetter gets what it needs of it, and no secret. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the owner keeps templates of their own. */
  readonly templates: string | undefined;
  /** Milliseconds for all of a report. */
  readonly limitMs: number;
  readonly logger: Logger;
}

export interface TypesetOptions {
  /** Name of the template; unset: `report`. */
  readonly template?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A report as a PDF. */
export interface TypesetReport {
  readonly pdf: Buffer;
  /** Characters that no font had in spite of all, as the log names them. */
  readonly missing: readonly string[];
}

/** Twice: the second run knows the numbers of the pages. */
const runs = 2;

/**
 * Sets reports with XeLaTeX: in a scratch directory that is removed, without a shell, with no file to be read or
 * written outside of it, and with a limit of time.
 */
export class Typesetter {
  readonly #parts: TypesetterParts;
  #fonts: ReportFonts | undefined;

  constructor(parts: TypesetterParts) {
    this.#parts = parts;
  }

  /**
   * The fonts that reports are set in. They are looked for once; what is missing is looked for again.
   * @throws TypesetError `missing`
   */
  async fonts(signal?: AbortSignal): Promise<ReportFonts> {
    const env = toolEnvironment(this.#parts.environment);
    this.#fonts ??= chooseFonts(await readFontBook(env, signal));
    return this.#fonts;
  }

  /** @throws TypesetError */
  async typeset(content: ReportContent, options: TypesetOptions = {}): Promise<TypesetReport> {
    const { template = 'report', signal } = options;
    const { logger, templates } = this.#parts;
    const page = await readTemplate(template, 'tex', templates);
    const fonts = await this.fonts(signal);
    const directory = await mkdtemp(join(tmpdir(), 'mcb-report-'));
    try {
      const emoji = await EmojiPictures.open(fonts.emoji, directory, logger);
      const slots = latexSlots(content, fonts, new LatexText(fonts, emoji));
      await emoji.save();
      await writeFile(join(directory, 'setup.tex'), await builtInFile('setup.tex'));
      await writeFile(join(directory, 'report.tex'), fillTemplate(page, slots, neededSlots));
      return await this.#run(directory, content, signal);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async #run(
    directory: string,
    content: ReportContent,
    signal: AbortSignal | undefined,
  ): Promise<TypesetReport> {
    const { environment, limitMs } = this.#parts;
    const env = {
      ...toolEnvironment(environment),
      // The same report is the same file.
      SOURCE_DATE_EPOCH: String(Math.floor(content.writtenAt / 1000)),
      FORCE_SOURCE_DATE: '1',
    };
    const deadline = Date.now() + limitMs;
    for (let n = 1; n <= runs; n += 1) {
      const last = n === runs;
      await this.#once(directory, env, deadline - Date.now(), last, signal);
    }
    const log = await readFile(join(directory, 'report.log'), 'utf8').catch(() => '');
    return { pdf: await readFile(join(directory, 'report.pdf')), missing: readLog(log).missing };
  }

  async #once(
    directory: string,
    env: Readonly<Record<string, string>>,
    limitMs: number,
    last: boolean,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { program } = this.#parts;
    const words = [
      '-no-shell-escape',
      '-interaction=nonstopmode',
      '-halt-on-error',
      '-file-line-error',
      ...(last ? [] : ['-no-pdf']),
      'report.tex',
    ];
    const end = await runTool(program, words, {
      cwd: directory,
      env,
      limitMs: Math.max(1, limitMs),
      signal,
    });
    switch (end.kind) {
      case 'missing':
        throw new TypesetError('missing', missingProgram(program));
      case 'timed_out':
        throw new TypesetError(
          'timed_out',
          `XeLaTeX took longer than ${Math.round(this.#parts.limitMs / 1000)} s, and was ended.`,
        );
      case 'stopped':
        throw new TypesetError('failed', 'Setting the report was stopped.');
      case 'failed':
        throw new TypesetError('failed', `XeLaTeX can't be run: ${end.why}.`);
      case 'exited': {
        if (end.code === 0) return;
        const log = await readFile(join(directory, 'report.log'), 'utf8').catch(() => end.stdout);
        throw failure(readLog(log), end.code);
      }
    }
  }
}

export const missingProgram = (program: string): string =>
  `The program ${program}, which sets reports, is not installed. Debian: apt-get install texlive-xetex ` +
  'texlive-lang-chinese fonts-noto-cjk fonts-noto-color-emoji. macOS: brew install --cask mactex-no-gui.';

function failure({ error, missingFile }: ReturnType<typeof readLog>, code: number): TypesetError {
  if (missingFile !== undefined) {
    const words =
      `XeLaTeX lacks the file ${missingFile}. Debian: apt-get install texlive-latex-recommended ` +
      'texlive-lang-chinese. macOS: sudo tlmgr install xecjk fancyhdr.';
    return new TypesetError('missing', words);
  }
  return new TypesetError(
    'failed',
    `XeLaTeX ended with code ${code}: ${error ?? 'it does not say why'}`,
  );
}
