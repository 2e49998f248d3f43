import type {
  ReportContent,
  ReportItem,
  ReportQuotation,
  ReportSection,
  ReportTable,
} from '../content.ts';
import { type NumberedSource, numbersOf, sourcesOf } from '../source-list.ts';
import {
  attributionOf,
  changeOf,
  datelineOf,
  localeOf,
  type ReportWords,
  wordsOf,
} from '../words.ts';
import type { ReportFonts } from './choose-fonts.ts';
import { columnWidths, LatexBlocks, latexTable, widthOf } from './latex-blocks.ts';
import type { LatexText } from './latex-text.ts';
import { pdfText } from './pdf-string.ts';

/** The slots of a template that a report can't be without. */
export const neededSlots = ['fonts', 'sections'];

/** The parts of a report in LaTeX, by the template's slot that each goes into. */
export function latexSlots(
  content: ReportContent,
  fonts: ReportFonts,
  text: LatexText,
): Record<string, string> {
  const writer = new ReportWriter(content, text);
  const body = {
    title: text.write(content.title),
    dateline: text.write(datelineOf(content), 'sans'),
    headline: writer.headline(),
    summary: writer.summary(),
    contents: writer.contents(),
    sections: writer.sections(),
    note: writer.note(),
    sources: writer.sources(),
    colophon: writer.colophon(),
  };
  return {
    ...body,
    paper: content.language === 'zh' ? 'a4paper' : 'letterpaper',
    leading: content.language === 'zh' ? '1.3' : '1.16',
    // Last: it has what the text turned out to need.
    fonts: fontSetup(content, fonts) + text.fontDefinitions,
    colours: coloursOf(content),
    metadata: metadataOf(content),
  };
}

/** Writes the parts of one report. */
class ReportWriter {
  readonly #content: ReportContent;
  readonly #text: LatexText;
  readonly #blocks: LatexBlocks;
  readonly #words: ReportWords;
  readonly #sources: readonly NumberedSource[];

  constructor(content: ReportContent, text: LatexText) {
    this.#content = content;
    this.#text = text;
    this.#blocks = new LatexBlocks(text);
    this.#words = wordsOf(content.language);
    this.#sources = sourcesOf(content);
  }

  headline(): string {
    const { headline } = this.#content;
    if (headline === undefined) return '';
    // What would be italics in English is another style of writing in Chinese, too light for a headline.
    const shape = this.#content.language === 'zh' ? '' : '\\itshape';
    return `{\\centering\\fontsize{15}{23}\\selectfont${shape}{} ${this.#text.write(headline, this.#content.language === 'zh' ? 'serif' : 'italic')}\\par}\\vskip6mm`;
  }

  summary(): string {
    const { summary } = this.#content;
    if (summary.length === 0) return '';
    const lines = summary.map((line) => `\\mcbBriefItem{${this.#text.write(line)}}`).join('\n');
    return `\\mcbPanel{\\mcbLabel{${this.#sans(this.#words.inBrief)}}\\par\\vskip1.5mm ${lines}}\\vskip4mm`;
  }

  contents(): string {
    const { sections } = this.#content;
    if (sections.length < 3) return '';
    const entries = sections.map(
      ({ title }, n) => `\\mcbContentsEntry{${anchorOf(n)}}{${n + 1}}{${this.#sans(title)}}`,
    );
    const half = Math.ceil(entries.length / 2);
    const rows = entries
      .slice(0, half)
      .map((entry, n) => `${entry}\\hfill ${entries[half + n] ?? ''}`);
    const lines = rows.map((row) => `\\par\\noindent ${row}\\par\\vskip1.2mm`).join('\n');
    return `{\\mcbLabel{${this.#sans(this.#words.contents)}}\\par\\vskip1.5mm\\sffamily\\small ${lines}}`;
  }

  sections(): string {
    return this.#content.sections.map((section, n) => this.#section(section, n)).join('\n');
  }

  note(): string {
    const { note, sections } = this.#content;
    if (note === undefined) return '';
    const title = this.#words.note;
    return `${this.#heading('mcb-note', String(sections.length + 1), title)}${this.#blocks.markdown(note)}`;
  }

  sources(): string {
    if (this.#sources.length === 0) return '';
    const entries = this.#sources.map(
      (source) => `\\mcbSourceEntry{${source.number}}{${this.#sourceLine(source)}}\n`,
    );
    const title = this.#heading('mcb-sources', '', this.#words.sources);
    return `${title}{\\sffamily\\footnotesize ${entries.join('')}}`;
  }

  colophon(): string {
    return `\\par\\vskip5mm\\noindent{\\sffamily\\footnotesize\\color{mcbMuted}${this.#sans(this.#words.colophon)}\\par}`;
  }

  #sans(text: string): string {
    return this.#text.write(text, 'sans');
  }

  #heading(anchor: string, number: string, title: string): string {
    return `\\mcbSection{${anchor}}{${number}}{${this.#sans(title)}}{${pdfText(title)}}\n`;
  }

  #section(section: ReportSection, n: number): string {
    const { title, missing, quotation, table, items } = section;
    const parts = [this.#heading(anchorOf(n), String(n + 1), title)];
    if (missing !== undefined) parts.push(`\\mcbMissing{${this.#text.write(missing, 'italic')}}\n`);
    if (quotation !== undefined) parts.push(this.#quotation(quotation));
    if (table !== undefined) parts.push(this.#table(table));
    parts.push(...items.map((item) => this.#item(item)));
    return parts.join('');
  }

  #quotation(quotation: ReportQuotation): string {
    const { text, note = '' } = quotation;
    const whose = this.#sans(attributionOf(quotation, this.#content.language));
    return `\\mcbQuotation{${this.#text.write(text, 'italic')}}{${whose}}{${this.#text.write(note)}}\n`;
  }

  #table({ columns, rows, note }: ReportTable): string {
    const lengths = columns.map(({ title }, n) =>
      Math.max(widthOf(title), ...rows.map((row) => widthOf(row[n] ?? ''))),
    );
    const table = latexTable({
      header: columns.map(({ title }) => this.#sans(title)),
      rows: rows.map((row) => columns.map((_, n) => this.#figure(row[n] ?? ''))),
      aligns: columns.map(({ align }) => align),
      widths: columnWidths(lengths),
    });
    return note === undefined ? table : `${table}\\mcbNote{${this.#sans(note)}}\n`;
  }

  /** What went up and what went down is seen at once. */
  #figure(cell: string): string {
    const change = changeOf(cell);
    const written = this.#sans(cell);
    if (change === undefined) return written;
    return `\\mcb${change === 'up' ? 'Up' : 'Down'}{${written}}`;
  }

  #item({ title, text, links }: ReportItem): string {
    const head = title === undefined ? '' : `\\mcbItemTitle{${this.#sans(title)}}\n`;
    const named = numbersOf(links, this.#sources).map(
      (source) => `\\mcbSource{${source.number}}{${this.#linked(source, source.host)}}`,
    );
    const sources = named.length === 0 ? '' : `\\mcbSources{${named.join(' ')}}\n`;
    return head + this.#blocks.markdown(text) + sources;
  }

  #sourceLine(source: NumberedSource): string {
    const host = ` {\\color{mcbMuted}— ${this.#sans(source.host)}}`;
    return `${this.#linked(source, source.link.title)}${host}`;
  }

  /** A dead link leads nowhere, and says so. */
  #linked({ link }: NumberedSource, words: string): string {
    const written = this.#sans(words);
    if (link.state === 'dead')
      return `\\mcbDead{\\mcbStrike{${written}} (${this.#sans(this.#words.dead)})}`;
    const mark = link.state === 'unchecked' ? ` (${this.#sans(this.#words.unchecked)})` : '';
    return this.#blocks.link(written, link.url) + mark;
  }
}

const anchorOf = (n: number): string => `mcb-${n + 1}`;

/** The fonts by their names, which `FontBook` has checked. */
function fontSetup({ language }: ReportContent, fonts: ReportFonts): string {
  const { serif, sans, mono, cjkSerif, cjkSans, cjkKai } = fonts;
  const slanted =
    cjkKai === undefined
      ? 'AutoFakeSlant'
      : `ItalicFont={${cjkKai.name}},BoldItalicFont={${cjkSerif.name} Bold}`;
  // Quotation marks and dashes are as wide as a character in Chinese alone.
  const narrow =
    language === 'zh'
      ? ''
      : '\\xeCJKDeclareCharClass{Default}{"2018,"2019,"201C,"201D,"2013,"2014,"2015,"2025,"2026,"2027,"00B7}\n';
  return [
    `\\setmainfont{${serif.name}}`,
    `\\setsansfont{${sans.name}}`,
    `\\setmonofont{${mono.name}}`,
    `\\setCJKmainfont[${slanted}]{${cjkSerif.name}}`,
    `\\setCJKsansfont{${cjkSans.name}}`,
    `\\setCJKmonofont{${cjkSans.name}}`,
    narrow,
  ].join('\n');
}

/** In China what goes up is red. */
const coloursOf = ({ language }: ReportContent): string =>
  language === 'zh'
    ? '\\colorlet{mcbUpInk}{mcbRed}\\colorlet{mcbDownInk}{mcbGreen}'
    : '\\definecolor{mcbAccent}{HTML}{1F4E79}\\colorlet{mcbUpInk}{mcbGreen}\\colorlet{mcbDownInk}{mcbRed}';

function metadataOf({ title, date, headline, language }: ReportContent): string {
  const subject = headline === undefined ? '' : ` /Subject ${pdfText(headline)}`;
  const info = `/Title ${pdfText(`${title} · ${date}`)} /Author ${pdfText('Claude')}${subject} /Creator ${pdfText('mini-claude-bot')}`;
  return (
    `\\AtBeginDocument{\\special{pdf:docinfo << ${info} >>}` +
    `\\special{pdf:put @catalog << /Lang ${pdfText(localeOf(language))} /ViewerPreferences << /DisplayDocTitle true >> >>}}`
  );
}
