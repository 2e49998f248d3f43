import { inlineNodes, kindOf, type Node } from '../../markdown/parse-markdown.ts';
import type { TelegramStyle } from '../entities.ts';
import { type Alignment, layOutTable } from './lay-out-table.ts';
import { visible } from './run.ts';
import { RunWriter } from './run-writer.ts';
import { plainOf, writeInline } from './write-inline.ts';

const bullet = '• ';
const bold: TelegramStyle = { type: 'bold' };
/** A quote of more than that is folded, to be opened by whoever wants to read it. */
const longQuote = 600;
const longQuoteLines = 8;
const innerQuote = '│ ';

/**
 * Write blocks one below the other.
 * @param distance of the first from what stands above it: 0 is the same line, 1 the next
 */
export function writeBlocks(nodes: readonly Node[], writer: RunWriter, distance = 2): void {
  for (const [index, node] of nodes.entries()) writeBlock(node, writer, index === 0 ? distance : 2);
}

function writeBlock(node: Node, writer: RunWriter, distance: number): void {
  const { token, children } = node;
  // The parser hides the paragraphs of a list whose items stand close together.
  writer.separate(token.hidden ? Math.min(distance, 1) : distance);
  switch (kindOf(node)) {
    case 'paragraph':
      writeContent(children, writer);
      break;
    case 'heading':
      writer.styled(bold, () => writeContent(children, writer));
      break;
    case 'bullet_list':
      writeList(children, writer, () => bullet);
      break;
    case 'ordered_list':
      writeList(children, writer, (index) => `${Number(token.attrGet('start') ?? 1) + index}. `);
      break;
    case 'blockquote':
      writeQuote(children, writer);
      break;
    case 'fence':
    case 'code_block':
      writeFixed(token.content.replace(/\n+$/, ''), languageOf(token.info), writer);
      break;
    case 'table':
      writeFixed(tableText(node), undefined, writer);
      break;
    case 'hr':
      writer.write('———');
      break;
    default:
      writer.write(token.content);
  }
}

const writeContent = (children: readonly Node[], writer: RunWriter): void => {
  for (const child of children) writeInline(inlineNodes(child), writer);
};

function writeList(
  items: readonly Node[],
  writer: RunWriter,
  markOf: (index: number) => string,
): void {
  const first = items[0]?.children[0];
  const close = first === undefined || first.token.hidden;
  for (const [index, item] of items.entries()) {
    if (index > 0) writer.separate(close ? 1 : 2);
    writeItem(item, markOf(index), writer);
  }
}

const box = /^\[([ xX])\](?:\s|$)/;

function writeItem({ children }: Node, mark: string, writer: RunWriter): void {
  const [first, ...rest] = children;
  const text = first === undefined || kindOf(first) !== 'paragraph' ? undefined : first;
  const task = text === undefined ? null : box.exec(text.children[0]?.token.content ?? '');
  const ticked = task?.[1] === ' ' ? '☐ ' : '☑ ';
  writer.write(task === null ? mark : mark === bullet ? ticked : mark + ticked);
  writer.indented('   ', () => {
    const nodes = text?.children.flatMap(inlineNodes) ?? [];
    writeInline(task === null ? nodes : withoutBox(nodes), writer);
    writeBelow(text === undefined ? children : rest, writer);
  });
}

/** What an item holds besides its text: other paragraphs, or a list of its own. */
function writeBelow(nodes: readonly Node[], writer: RunWriter): void {
  for (const node of nodes) writeBlock(node, writer, kindOf(node) === 'paragraph' ? 2 : 1);
}

/** The box stands in the first text of the item. */
function withoutBox([first, ...rest]: readonly Node[]): Node[] {
  if (first === undefined) return [];
  const token = Object.assign(Object.create(first.token), {
    content: first.token.content.replace(box, ''),
  });
  return [{ ...first, token }, ...rest];
}

/** Telegram has no quote within a quote: the inner one is told by a mark at its lines. */
function writeQuote(children: readonly Node[], writer: RunWriter): void {
  if (writer.quoted) {
    writer.write(innerQuote);
    writer.indented(innerQuote, () => writeBlocks(children, writer, 0));
  } else {
    const type = isLong(children) ? 'expandable_blockquote' : 'blockquote';
    writer.unindented(() => writer.styled({ type }, () => writeBlocks(children, writer, 0)));
  }
}

function isLong(quoted: readonly Node[]): boolean {
  const measure = new RunWriter();
  writeBlocks(quoted, measure);
  const text = measure.runs.map((run) => run.text).join('');
  return text.length > longQuote || text.split('\n').length > longQuoteLines;
}

/** Text in a font whose characters are all as wide. */
function writeFixed(text: string, language: string | undefined, writer: RunWriter): void {
  const style: TelegramStyle = { type: 'pre', ...(language === undefined ? {} : { language }) };
  writer.unindented(() => writer.styled(style, () => writer.write(text)));
}

/** The first word behind the fence, where it can be a language's name. */
function languageOf(info: string): string | undefined {
  const [word = ''] = info.trim().split(/\s+/);
  return /^[\w+#.-]{1,32}$/.test(word) ? word : undefined;
}

function tableText({ children }: Node): string {
  const rows = children.flatMap((part) => part.children);
  const cells = rows.map((row) => row.children.map(({ children: [content] }) => cellText(content)));
  const [header = [], ...body] = cells;
  return layOutTable({ header, rows: body, alignments: rows[0]?.children.map(alignmentOf) ?? [] });
}

const cellText = (content: Node | undefined): string =>
  content === undefined ? '' : visible(plainOf(inlineNodes(content))).trim();

function alignmentOf({ token }: Node): Alignment {
  const style = String(token.attrGet('style') ?? '');
  if (style.includes('right')) return 'right';
  return style.includes('center') ? 'center' : 'left';
}
