import {
  type Block,
  type Inline,
  type ListItem,
  plainOf,
  type TextRun,
} from '../../markdown/blocks.ts';
import { readBlocks } from '../../markdown/read-blocks.ts';
import type { FontRole, LatexText } from './latex-text.ts';
import { pdfAddress } from './pdf-string.ts';

/** A cell with more than that breaks the page: such a table is written as a list. */
const longestCell = 900;
const mostColumns = 8;

/** Writes Markdown as LaTeX, by the commands of `setup.tex` alone. */
export class LatexBlocks {
  readonly #text: LatexText;

  constructor(text: LatexText) {
    this.#text = text;
  }

  markdown(markdown: string): string {
    return this.blocks(readBlocks(markdown));
  }

  blocks(blocks: readonly Block[], role: FontRole = 'serif'): string {
    return blocks.map((block) => this.#block(block, role)).join('');
  }

  inline(content: readonly Inline[], role: FontRole = 'serif'): string {
    return content
      .map((each) => (each.kind === 'break' ? '\\mcbLine{}' : this.#run(each, role)))
      .join('');
  }

  /** Words that lead somewhere; an address that is none leads nowhere. */
  link(words: string, url: string): string {
    return URL.canParse(url) ? `\\mcbLink{${pdfAddress(url)}}{${words}}` : words;
  }

  #run(run: TextRun, role: FontRole): string {
    const slanted = run.italic && role === 'serif' ? 'italic' : role;
    let tex = this.#text.write(run.text, run.code ? 'mono' : slanted);
    if (run.code) tex = `\\mcbCode{${tex}}`;
    if (run.strike) tex = `\\mcbStrike{${tex}}`;
    if (run.italic) tex = `\\mcbItalic{${tex}}`;
    if (run.bold) tex = `\\mcbBold{${tex}}`;
    return run.href === undefined ? tex : this.link(tex, run.href);
  }

  #block(block: Block, role: FontRole): string {
    switch (block.kind) {
      case 'paragraph':
        return `\\mcbParagraph{${this.inline(block.content, role)}}\n`;
      case 'heading':
        return `\\mcbHeading{${this.inline(block.content, 'sans')}}\n`;
      case 'list':
        return `\\mcbBeginList\n${this.#items(block, role)}\\mcbEndList\n`;
      case 'quote':
        return `\\mcbBeginQuote\n${this.blocks(block.blocks, 'italic')}\\mcbEndQuote\n`;
      case 'code':
        return this.#code(block.text);
      case 'table':
        return this.#table(block);
      case 'rule':
        return '\\mcbRule\n';
    }
  }

  #items({ items, start }: Block & { kind: 'list' }, role: FontRole): string {
    return items
      .map((item, n) => {
        const mark = start === undefined ? '\\mcbBullet{}' : `${start + n}.`;
        return `\\mcbItem{${taskMark(item) ?? mark}}\n${this.blocks(item.blocks, role)}\\mcbItemEnd\n`;
      })
      .join('');
  }

  #code(text: string): string {
    const lines = text.split('\n').map((line) => {
      const [indent = ''] = /^[ \t]*/.exec(line) ?? [];
      const width = indent.replaceAll('\t', '    ').length;
      const words = this.#text
        .write(line.slice(indent.length), 'mono')
        .replace(/ /g, '\\mcbSpace{}');
      return `\\mcbCodeLine{${Math.min(width, 40)}}{${words}}\n`;
    });
    return `\\mcbBeginCode\n${lines.join('')}\\mcbEndCode\n`;
  }

  #table({ header, rows, aligns }: Block & { kind: 'table' }): string {
    const columns = header.length;
    const cells = [header, ...rows].flat();
    if (columns > mostColumns || cells.some((cell) => plainOf(cell).length > longestCell))
      return this.blocks([asList(header, rows)]);
    const write = (row: readonly (readonly Inline[])[]): string[] =>
      header.map((_, n) => this.inline(row[n] ?? [], 'sans'));
    const lengths = header.map((_, n) =>
      Math.max(...[header, ...rows].map((row) => widthOf(plainOf(row[n] ?? [])))),
    );
    return latexTable({
      header: write(header),
      rows: rows.map(write),
      aligns,
      widths: columnWidths(lengths),
    });
  }
}

/** A table whose cells are LaTeX. Widths are shares of the line. */
export interface LatexTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly aligns: readonly ('left' | 'center' | 'right')[];
  readonly widths: readonly number[];
}

/** Rows of boxes: a page may break between any two of them, wherever the table stands. */
export function latexTable({ header, rows, aligns, widths }: LatexTable): string {
  const row = (cells: readonly string[]): string =>
    cells
      .map(
        (cell, n) => `\\mcbCell{${(widths[n] ?? 0).toFixed(4)}}{${aligns[n] ?? 'left'}}{${cell}}`,
      )
      .join('');
  const body = rows.map((cells) => `\\mcbRow{${row(cells)}}\n`).join('');
  return `\\mcbBeginTable\n\\mcbHeadRow{${row(header)}}\n${body}\\mcbEndTable\n`;
}

/** Shares of the line by how long the longest cell is, with none too narrow to be read. */
export function columnWidths(lengths: readonly number[]): number[] {
  const weights = lengths.map((length) => Math.min(60, Math.max(6, length)));
  const whole = weights.reduce((sum, each) => sum + each, 0);
  return weights.map((each) => each / whole);
}

/** In halves of a Chinese character. */
export const widthOf = (text: string): number =>
  [...text].reduce((sum, each) => sum + (each > '\u2e7f' ? 2 : 1), 0);

const taskMark = ({ done }: ListItem): string | undefined =>
  done === undefined ? undefined : done ? '\\mcbDone{}' : '\\mcbOpen{}';

/** Each row an item, each cell a paragraph with its column's name. */
function asList(
  header: readonly (readonly Inline[])[],
  rows: readonly (readonly (readonly Inline[])[])[],
): Block {
  const colon: Inline = {
    kind: 'text',
    text: ': ',
    bold: true,
    italic: false,
    strike: false,
    code: false,
  };
  const bold = (content: readonly Inline[]): Inline[] =>
    content.map((each) => (each.kind === 'text' ? { ...each, bold: true } : each));
  return {
    kind: 'list',
    items: (rows.length > 0 ? rows : [[]]).map((row) => ({
      blocks: header.map((title, n) => ({
        kind: 'paragraph' as const,
        content: [...bold(title), colon, ...(row[n] ?? [])],
      })),
    })),
  };
}
