import stringWidth from 'string-width';
import { type Block, type Inline, plainOf } from '../../markdown/blocks.ts';
import { readBlocks } from '../../markdown/read-blocks.ts';
import { layOutTable } from '../../telegram/formatting/lay-out-table.ts';
import type { ReportContent, ReportItem, ReportSection } from '../content.ts';
import { type NumberedSource, numbersOf, sourcesOf } from '../source-list.ts';
import { attributionOf, datelineOf, wordsOf } from '../words.ts';

/** A report as plain text, for mail programs and people who read no other. */
export function reportText(content: ReportContent): string {
  const { title, headline, summary, sections, note, language } = content;
  const words = wordsOf(language);
  const sources = sourcesOf(content);
  const head = [
    underlined(title, '='),
    datelineOf(content),
    ...(headline === undefined ? [] : ['', headline]),
  ];
  const parts = [head.join('\n')];
  if (summary.length > 0)
    parts.push([underlined(words.inBrief, '-'), ...summary.map((line) => `• ${line}`)].join('\n'));
  for (const [n, section] of sections.entries())
    parts.push(sectionText(section, n + 1, content, sources));
  if (note !== undefined) parts.push(`${underlined(words.note, '-')}\n${markdownText(note)}`);
  if (sources.length > 0)
    parts.push(
      [underlined(words.sources, '-'), ...sources.map((each) => sourceText(each, content))].join(
        '\n',
      ),
    );
  parts.push(words.colophon);
  return `${visible(parts.join('\n\n\n'))}\n`;
}

const underlined = (title: string, mark: string): string =>
  `${title}\n${mark.repeat(Math.min(72, Math.max(4, stringWidth(title))))}`;

/** What turns directions around, or moves the cursor of whoever reads it, has no place in it. */
const visible = (text: string): string =>
  text
    .replace(/\p{Cs}/gu, '\ufffd')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is them that are taken out.
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufeff]/g, '');

function sectionText(
  { title, missing, quotation, table, items }: ReportSection,
  number: number,
  content: ReportContent,
  sources: readonly NumberedSource[],
): string {
  const parts: string[] = [];
  if (missing !== undefined) parts.push(missing);
  if (quotation !== undefined) {
    const lines = [
      quotation.text,
      attributionOf(quotation, content.language),
      quotation.note ?? [],
    ];
    parts.push(
      lines
        .flat()
        .map((line) => `    ${line}`)
        .join('\n'),
    );
  }
  if (table !== undefined) {
    const { columns, rows, note } = table;
    const laid = layOutTable({
      header: columns.map((column) => column.title),
      rows,
      alignments: columns.map(({ align }) => align),
    });
    parts.push(note === undefined ? laid : `${laid}\n${note}`);
  }
  parts.push(...items.map((item) => itemText(item, sources)));
  return `${underlined(`${number}. ${title}`, '-')}\n${parts.join('\n\n')}`;
}

function itemText({ title, text, links }: ReportItem, sources: readonly NumberedSource[]): string {
  const numbers = numbersOf(links, sources).map(({ number }) => `[${number}]`);
  const parts = [
    ...(title === undefined ? [] : [`* ${title}`]),
    markdownText(text) + (numbers.length === 0 ? '' : `\n${numbers.join(' ')}`),
  ];
  return parts.join('\n');
}

function sourceText({ number, link }: NumberedSource, { language }: ReportContent): string {
  const { dead, unchecked } = wordsOf(language);
  const mark = { checked: '', dead: ` (${dead})`, unchecked: ` (${unchecked})` }[link.state];
  return `[${number}] ${link.title}${mark}\n    ${link.url}`;
}

/** Markdown as plain text, which looks much like it. */
export const markdownText = (markdown: string): string => blocksText(readBlocks(markdown));

const blocksText = (blocks: readonly Block[]): string => blocks.map(blockText).join('\n\n');

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'heading':
      return inlineText(block.content);
    case 'list':
      return block.items
        .map(({ done, blocks }, n) => {
          const mark = block.start === undefined ? '•' : `${block.start + n}.`;
          const box = done === undefined ? mark : done ? '☑' : '☐';
          return `${box} ${indented(tight(blocks), '  ')}`;
        })
        .join('\n');
    case 'quote':
      return `> ${indented(blocksText(block.blocks), '> ')}`;
    case 'code':
      return `    ${indented(block.text, '    ')}`;
    case 'table':
      return layOutTable({
        header: block.header.map(plainOf),
        rows: block.rows.map((row) => row.map(plainOf)),
        alignments: block.aligns,
      });
    case 'rule':
      return '———';
  }
}

/** What an item holds stands close together. */
const tight = (blocks: readonly Block[]): string => blocks.map(blockText).join('\n');

const indented = (text: string, indent: string): string => text.replaceAll('\n', `\n${indent}`);

/** Words that lead somewhere have the address behind them. */
const inlineText = (content: readonly Inline[]): string =>
  content
    .map((each) => {
      if (each.kind === 'break') return '\n';
      if (each.href === undefined || each.href.replace(/\/$/, '') === each.text.replace(/\/$/, ''))
        return each.text;
      return `${each.text} (${each.href})`;
    })
    .join('');
