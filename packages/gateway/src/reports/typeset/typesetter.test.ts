import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, inflateSync } from 'node:zlib';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { lacks } from '../../../../../tests/support/needs.ts';
import type { ReportContent } from '../content.ts';
import { chineseReport, englishReport } from '../test-report-content.ts';
import { Typesetter, type TypesetterParts } from './typesetter.ts';

const missing = lacks(
  'xelatex',
  'fc-list',
  'pdftotext',
  'pdffonts',
  'pdfinfo',
  'pdftoppm',
  'pdfimages',
);

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-set-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

const typesetter = (parts: Partial<TypesetterParts> = {}): Typesetter =>
  new Typesetter({
    program: 'xelatex',
    environment: process.env,
    templates: home,
    limitMs: 120_000,
    logger: pino({ level: 'silent' }),
    ...parts,
  });

/** A report's PDF as a file. */
async function pdfOf(content: ReportContent): Promise<string> {
  const { pdf, missing } = await typesetter().typeset(content);
  expect(missing).toEqual([]);
  const file = join(home, `${content.name}.pdf`);
  writeFileSync(file, pdf);
  return file;
}
const ask = (program: string, ...words: string[]): string =>
  execFileSync(program, words, { maxBuffer: 2 ** 28 }).toString();
/** What the streams of a PDF hold. */
function unpacked(pdf: Buffer): Buffer[] {
  const streams = Array.from(
    pdf.toString('latin1').matchAll(/stream\r?\n/g),
    ({ index, 0: { length } }) => pdf.subarray(index + length),
  );
  return streams.flatMap((stream) => {
    try {
      return [inflateSync(stream, { finishFlush: constants.Z_SYNC_FLUSH })];
    } catch {
      return [];
    }
  });
}
/** Without the blanks that a page puts between characters. */
const bare = (text: string): string => text.replace(/\s+/g, '');

describe.skipIf(missing)('a report as a PDF', () => {
  test.each([
    [
      englishReport,
      [
        'The Morning Brief',
        'Marcus Aurelius',
        'Inkjet_Laser 100% Ltd',
        'ask the agent for the slot',
        'did not answer',
      ],
      'en-US',
    ],
    [
      chineseReport,
      [
        '每日早报',
        '2026年3月2日星期一',
        '沪指微涨0.3%',
        '不积跬步，无以至千里',
        '检索未返回可靠来源',
        '打不开',
        '𠮷野家、㐂',
      ],
      'zh-CN',
    ],
  ])('has its text, links, fonts, pictures and metadata (%#)', async (content, texts, language) => {
    const file = await pdfOf(content);
    const text = bare(ask('pdftotext', file, '-'));
    for (const each of texts) expect(text).toContain(bare(each));

    const fonts = ask('pdffonts', file).trim().split('\n').slice(2);
    expect(fonts.length).toBeGreaterThan(3);
    // The column says whether it is embedded.
    for (const font of fonts) expect(font).toMatch(/\s(yes)\s+(yes|no)\s+(yes|no)\s+\d+\s+\d+\s*$/);

    const links = ask('pdfinfo', '-url', file);
    const lively = content.sections.flatMap(({ items }) => items.flatMap(({ links }) => links));
    for (const { url, state } of lively)
      expect(links.includes(new URL(url).href)).toBe(state !== 'dead');

    const info = ask('pdfinfo', file);
    expect(info).toContain(`Title:           ${content.title} · ${content.date}`);
    expect(info).toContain('Creator:         mini-claude-bot');
    const lang = `/Lang<feff${Buffer.from(language, 'utf16le').swap16().toString('hex')}>`;
    expect(unpacked(readFileSync(file)).some((part) => part.includes(lang))).toBe(true);

    // Emoji are there as pictures, in colour.
    expect(ask('pdfimages', '-list', file)).toMatch(/\bimage\b.*\b(rgb|icc|index)\b/);
    ask('pdftoppm', '-r', '40', '-png', file, join(home, 'page'));
    expect(readdirSync(home).filter((name) => name.endsWith('.png')).length).toBeGreaterThan(1);
  });

  test('is the same file when it is the same report', async () => {
    const [first, second] = [
      await typesetter().typeset(englishReport),
      await typesetter().typeset(englishReport),
    ];
    expect(first.pdf.equals(second.pdf)).toBe(true);
  });

  test('can’t be made to read, write or run anything', async () => {
    writeFileSync(join(home, 'secret.txt'), 'canary-of-the-file');
    const marks = join(home, 'pwned');
    // An owner's own template may hold commands; even those reach nothing outside.
    const page = readFileSync(new URL('../templates/report.tex', import.meta.url), 'utf8');
    const attack = (words: string): string => page.replace('[[headline]]', words);
    writeFileSync(join(home, 'run.tex'), attack(`\\immediate\\write18{touch ${marks}}`));
    await typesetter().typeset(englishReport, { template: 'run' });
    expect(existsSync(marks)).toBe(false);
    for (const [name, words] of [
      ['read', `\\input{${join(home, 'secret.txt')}}`],
      ['write', `\\newwrite\\x\\immediate\\openout\\x=${marks}\\immediate\\write\\x{x}`],
    ] as const) {
      writeFileSync(join(home, `${name}.tex`), attack(words));
      await expect(typesetter().typeset(englishReport, { template: name })).rejects.toThrow();
    }
    expect(existsSync(marks)).toBe(false);
  });

  test('that never ends is ended, and leaves nothing', async () => {
    // Others set reports at the same time, in the system's own.
    const temporary = join(home, 'tmp');
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    writeFileSync(join(home, 'forever.tex'), '\\def\\x{\\x}[[fonts]][[sections]]\\x');
    const short = typesetter({ limitMs: 3_000 });
    await expect(short.typeset(englishReport, { template: 'forever' })).rejects.toMatchObject({
      fault: expect.stringMatching(/timed_out|failed/),
    });
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe('what is missing is named', () => {
  test.skipIf(missing)('XeLaTeX', async () => {
    const none = typesetter({ program: join(home, 'xelatex') });
    await expect(none.typeset(englishReport)).rejects.toThrow('apt-get install texlive-xetex');
  });

  test('fontconfig', async () => {
    await expect(typesetter({ environment: { PATH: home } }).fonts()).rejects.toThrow('fc-list');
  });

  test('the Chinese font', async () => {
    const listed =
      'DejaVu Serif\\t/x.ttf\\tBook\\tFalse\\t20-7e\\nDejaVu Sans\\t/y.ttf\\tBook\\tFalse\\t20-7e\\nDejaVu Sans Mono\\t/z.ttf\\tBook\\tFalse\\t20-7e\\n';
    writeFileSync(join(home, 'fc-list'), `#!/bin/sh\nprintf '${listed}'\n`, { mode: 0o755 });
    const PATH = `${home}:${process.env.PATH}`;
    await expect(typesetter({ environment: { PATH } }).fonts()).rejects.toThrow('fonts-noto-cjk');
  });

  test('a template, or a slot in it', async () => {
    await expect(typesetter().typeset(englishReport, { template: '../report' })).rejects.toThrow(
      'small letters',
    );
    await expect(typesetter().typeset(englishReport, { template: 'mine' })).rejects.toThrow(
      'no template mine.tex',
    );
  });
});
