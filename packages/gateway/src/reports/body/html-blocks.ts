import type { Block, Inline, TextRun } from '../../markdown/blocks.ts';
import { readBlocks } from '../../markdown/read-blocks.ts';

export const sans = "font-family:Helvetica,Arial,'PingFang SC','Noto Sans CJK SC',sans-serif";
const mono = "font-family:Menlo,Consolas,'Noto Sans Mono',monospace;font-size:14px";
const cell = 'padding:6px 10px 6px 0;border-bottom:1px solid #d3d8df;vertical-align:top';
const quote = 'margin:0 0 12px;padding:0 0 0 14px;border-left:3px solid #d3d8df;color:#66707e';

/** Text as HTML: it can be no markup, whatever stands in it. */
export const escapeHtml = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: HTML knows none of them.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]|\p{Cs}/gu, '\ufffd')
    // What turns the direction of writing around would turn what comes after it, too.
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** Markdown as HTML for mail: styles stand at each element, since mail programs take no others. */
export const markdownHtml = (markdown: string): string => blocksHtml(readBlocks(markdown));

const blocksHtml = (blocks: readonly Block[]): string => blocks.map(blockHtml).join('\n');

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p style="margin:0 0 12px">${inlineHtml(block.content)}</p>`;
    case 'heading':
      return `<p style="margin:14px 0 8px;font-weight:bold;${sans}">${inlineHtml(block.content)}</p>`;
    case 'list':
      return listHtml(block);
    case 'quote':
      return `<blockquote style="${quote}">${blocksHtml(block.blocks)}</blockquote>`;
    case 'code':
      return `<pre style="margin:0 0 12px;padding:10px 12px;background:#f5f3ee;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere;${mono}">${escapeHtml(block.text)}</pre>`;
    case 'table':
      return tableHtml({
        header: block.header.map(inlineHtml),
        rows: block.rows.map((row) => row.map(inlineHtml)),
        aligns: block.aligns,
      });
    case 'rule':
      return '<hr style="border:0;border-top:1px solid #d3d8df;margin:14px auto;width:30%">';
  }
}

function listHtml({ start, items }: Block & { kind: 'list' }): string {
  const inner = items.map(({ done, blocks }) => {
    const box = done === undefined ? '' : done ? '☑ ' : '☐ ';
    return `<li style="margin:0 0 4px">${box}${itemHtml(blocks)}</li>`;
  });
  const style = 'margin:0 0 12px;padding-left:24px';
  return start === undefined
    ? `<ul style="${style}">${inner.join('')}</ul>`
    : `<ol start="${start}" style="${style}">${inner.join('')}</ol>`;
}

/** The text of an item stands beside its mark, not in a paragraph below it. */
function itemHtml([first, ...rest]: readonly Block[]): string {
  if (first === undefined) return '';
  if (first.kind !== 'paragraph') return blocksHtml([first, ...rest]);
  return inlineHtml(first.content) + blocksHtml(rest);
}

/** A table whose cells are HTML. */
export function tableHtml(table: {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly aligns: readonly string[];
}): string {
  const align = (n: number): string => `text-align:${table.aligns[n] ?? 'left'}`;
  const head = table.header.map(
    (each, n) => `<th style="${cell};${align(n)};color:#66707e">${each}</th>`,
  );
  const body = table.rows.map((row) => {
    const cells = table.header.map(
      (_, n) => `<td style="${cell};${align(n)}">${row[n] ?? ''}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<table style="border-collapse:collapse;width:100%;margin:0 0 14px;font-size:14px;${sans}"><tr>${head.join('')}</tr>${body.join('')}</table>`;
}

export const inlineHtml = (content: readonly Inline[]): string =>
  content.map((each) => (each.kind === 'break' ? '<br>' : runHtml(each))).join('');

function runHtml({ text, bold, italic, strike, code, href }: TextRun): string {
  let html = escapeHtml(text);
  if (code) html = `<code style="${mono}">${html}</code>`;
  if (strike) html = `<s>${html}</s>`;
  if (italic) html = `<em>${html}</em>`;
  if (bold) html = `<strong>${html}</strong>`;
  return href === undefined ? html : linkHtml(html, href);
}

/** @param words HTML */
export const linkHtml = (words: string, url: string): string =>
  `<a href="${escapeHtml(url)}" style="color:#1f4e79">${words}</a>`;
