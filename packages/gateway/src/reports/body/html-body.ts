import type { ReportContent, ReportItem, ReportSection } from '../content.ts';
import { type NumberedSource, numbersOf, sourcesOf } from '../source-list.ts';
import { attributionOf, changeOf, datelineOf, localeOf, wordsOf } from '../words.ts';
import { escapeHtml, linkHtml, markdownHtml, sans, tableHtml } from './html-blocks.ts';

const muted = `color:#66707e;font-size:13px;${sans}`;

/** The parts of a report in HTML, by the template's slot that each goes into. */
export function htmlSlots(content: ReportContent): Record<string, string> {
  const { language, title, headline, summary, note } = content;
  const words = wordsOf(language);
  const sources = sourcesOf(content);
  const accent = language === 'zh' ? '#9c2f23' : '#1f4e79';
  const heading = (text: string): string =>
    `<h2 style="margin:32px 0 12px;padding-top:8px;border-top:1px solid ${accent};font-size:19px;${sans}">${escapeHtml(text)}</h2>`;
  return {
    language: localeOf(language),
    accent,
    title: escapeHtml(title),
    dateline: escapeHtml(datelineOf(content)),
    preview: escapeHtml(headline ?? summary[0] ?? ''),
    headline:
      headline === undefined
        ? ''
        : `<p style="margin:0 0 18px;font-size:19px;text-align:center;font-style:${language === 'zh' ? 'normal' : 'italic'}">${escapeHtml(headline)}</p>`,
    summary: summaryHtml(summary, words.inBrief, accent),
    sections: content.sections
      .map((section) => heading(section.title) + sectionHtml(section, content, sources))
      .join('\n'),
    note: note === undefined ? '' : heading(words.note) + markdownHtml(note),
    sources: sources.length === 0 ? '' : heading(words.sources) + sourcesHtml(sources, content),
    colophon: `<p style="margin:24px 0 0;${muted}">${escapeHtml(words.colophon)}</p>`,
  };
}

function summaryHtml(lines: readonly string[], label: string, accent: string): string {
  if (lines.length === 0) return '';
  const items = lines.map((line) => `<li style="margin:0 0 4px">${escapeHtml(line)}</li>`);
  return `<div style="padding:14px 18px;background:#f5f3ee"><p style="margin:0 0 6px;color:${accent};font-weight:bold;font-size:13px;${sans}">${escapeHtml(label)}</p><ul style="margin:0;padding-left:20px">${items.join('')}</ul></div>`;
}

function sectionHtml(
  { missing, quotation, table, items }: ReportSection,
  content: ReportContent,
  sources: readonly NumberedSource[],
): string {
  const parts: string[] = [];
  if (missing !== undefined)
    parts.push(`<p style="margin:0 0 12px;color:#66707e"><em>${escapeHtml(missing)}</em></p>`);
  if (quotation !== undefined) {
    const note =
      quotation.note === undefined
        ? ''
        : `<p style="margin:6px 0 0;color:#66707e">${escapeHtml(quotation.note)}</p>`;
    const whose = escapeHtml(attributionOf(quotation, content.language));
    parts.push(
      `<blockquote style="margin:0 0 16px;padding:4px 24px;font-size:18px"><p style="margin:0">${escapeHtml(quotation.text)}</p><p style="margin:8px 0 0;text-align:right;${muted}">${whose}</p>${note}</blockquote>`,
    );
  }
  if (table !== undefined) {
    parts.push(
      tableHtml({
        header: table.columns.map(({ title }) => escapeHtml(title)),
        rows: table.rows.map((row) => row.map((cell) => figureHtml(cell, content))),
        aligns: table.columns.map(({ align }) => align),
      }),
    );
    if (table.note !== undefined)
      parts.push(`<p style="margin:-6px 0 14px;${muted}">${escapeHtml(table.note)}</p>`);
  }
  parts.push(...items.map((item) => itemHtml(item, content, sources)));
  return parts.join('\n');
}

const red = '#b3261e';
const green = '#1e7b45';

/** In China what goes up is red. */
function figureHtml(cell: string, { language }: ReportContent): string {
  const change = changeOf(cell);
  if (change === undefined) return escapeHtml(cell);
  const colour = (change === 'up') === (language === 'zh') ? red : green;
  return `<span style="color:${colour}">${escapeHtml(cell)}</span>`;
}

function itemHtml(
  { title, text, links }: ReportItem,
  content: ReportContent,
  sources: readonly NumberedSource[],
): string {
  const head =
    title === undefined
      ? ''
      : `<h3 style="margin:16px 0 6px;font-size:16px;${sans}">${escapeHtml(title)}</h3>`;
  const named = numbersOf(links, sources).map(
    (source) => `[${source.number}] ${linkedHtml(source, source.host, content)}`,
  );
  const foot =
    named.length === 0
      ? ''
      : `<p style="margin:-6px 0 14px;${muted}">${named.join(' &nbsp; ')}</p>`;
  return head + markdownHtml(text) + foot;
}

const sourcesHtml = (sources: readonly NumberedSource[], content: ReportContent): string =>
  `<ol style="margin:0;padding-left:24px;${muted}">${sources
    .map(
      (source) =>
        `<li>${linkedHtml(source, source.link.title, content)} — ${escapeHtml(source.host)}</li>`,
    )
    .join('')}</ol>`;

/** A dead link leads nowhere, and says so. */
function linkedHtml({ link }: NumberedSource, words: string, { language }: ReportContent): string {
  const { dead, unchecked } = wordsOf(language);
  const written = escapeHtml(words);
  if (link.state === 'dead') return `<s>${written}</s> (${escapeHtml(dead)})`;
  const mark = link.state === 'unchecked' ? ` (${escapeHtml(unchecked)})` : '';
  return linkHtml(written, link.url) + mark;
}
