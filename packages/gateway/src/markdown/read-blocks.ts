import type { Block, ColumnAlign, Inline, ListItem, TextRun } from './blocks.ts';
import { inlineNodes, kindOf, type Node, parseMarkdown } from './parse-markdown.ts';

/** What is nested deeper than that is shown at this depth: no page is wide enough for more. */
const deepest = 8;

/** Behind what is nested so deep the parser gives up, and loses what comes after it. */
const deepestParsed = 98;

/** A text in Markdown as blocks. Never fails: whatever is no Markdown is text. */
export function readBlocks(markdown: string): Block[] {
  const nodes = parseMarkdown(markdown);
  return isTooDeep(nodes) ? asWritten(markdown) : blocksOf(nodes, 0);
}

const isTooDeep = (nodes: readonly Node[]): boolean =>
  nodes.some(({ token, children }) => token.level >= deepestParsed || isTooDeep(children));

const asWritten = (markdown: string): Block[] =>
  markdown.split(/\n\s*\n/).map((text) => ({ kind: 'paragraph', content: [plainRun(text)] }));

const blocksOf = (nodes: readonly Node[], depth: number): Block[] =>
  nodes.flatMap((node) => blockOf(node, depth));

function blockOf(node: Node, depth: number): Block[] {
  const { token, children } = node;
  const deeper = (): Block[] => blocksOf(children, depth + 1);
  switch (kindOf(node)) {
    case 'paragraph':
    case 'heading': {
      const content = children.flatMap((child) => inlinesOf(inlineNodes(child)));
      const kind = kindOf(node) === 'heading' ? 'heading' : 'paragraph';
      return content.length === 0 ? [] : [{ kind, content }];
    }
    case 'bullet_list':
    case 'ordered_list': {
      if (depth >= deepest) return children.flatMap((item) => blocksOf(item.children, depth));
      const items = children.map((item) => itemOf(item, depth));
      const start = Number(token.attrGet('start') ?? 1);
      return [{ kind: 'list', items, ...(kindOf(node) === 'ordered_list' ? { start } : {}) }];
    }
    case 'blockquote':
      return depth >= deepest ? blocksOf(children, depth) : [{ kind: 'quote', blocks: deeper() }];
    case 'fence':
    case 'code_block':
      return [{ kind: 'code', text: token.content.replace(/\n+$/, '') }];
    case 'table':
      return [tableOf(node)];
    case 'hr':
      return [{ kind: 'rule' }];
    default:
      return token.content === ''
        ? []
        : [{ kind: 'paragraph', content: [plainRun(token.content)] }];
  }
}

const taskBox = /^\[([ xX])\](?:\s+|$)/;

function itemOf({ children }: Node, depth: number): ListItem {
  const blocks = blocksOf(children, depth + 1);
  const [first, ...rest] = blocks;
  if (first?.kind !== 'paragraph') return { blocks };
  const [run, ...others] = first.content;
  const box = run?.kind === 'text' && !run.code ? taskBox.exec(run.text) : null;
  if (run?.kind !== 'text' || box === null) return { blocks };
  const text = run.text.slice(box[0].length);
  const content = [...(text === '' ? [] : [{ ...run, text }]), ...others];
  return { done: box[1] !== ' ', blocks: [{ kind: 'paragraph', content }, ...rest] };
}

function tableOf({ children }: Node): Block {
  const rows = children.flatMap((part) => part.children);
  const [header = [], ...body] = rows.map((row) =>
    row.children.map(({ children: [content] }) =>
      content === undefined ? [] : inlinesOf(inlineNodes(content)),
    ),
  );
  return { kind: 'table', header, rows: body, aligns: rows[0]?.children.map(alignOf) ?? [] };
}

function alignOf({ token }: Node): ColumnAlign {
  const style = String(token.attrGet('style') ?? '');
  if (style.includes('right')) return 'right';
  return style.includes('center') ? 'center' : 'left';
}

type Style = Omit<TextRun, 'kind' | 'text'>;
const noStyle: Style = { bold: false, italic: false, strike: false, code: false };
const plainRun = (text: string): TextRun => ({ kind: 'text', text, ...noStyle });

function inlinesOf(nodes: readonly Node[], style: Style = noStyle): Inline[] {
  return nodes
    .flatMap((node) => inlineOf(node, style))
    .filter((each) => each.kind === 'break' || each.text !== '');
}

function inlineOf(node: Node, style: Style): Inline[] {
  const { token, children } = node;
  const within = (more: Partial<Style>): Inline[] => inlinesOf(children, { ...style, ...more });
  const text = (words: string, more: Partial<Style> = {}): Inline => ({
    kind: 'text',
    text: words,
    ...style,
    ...more,
  });
  switch (kindOf(node)) {
    case 'strong':
      return within({ bold: true });
    case 'em':
      return within({ italic: true });
    case 's':
      return within({ strike: true });
    case 'link':
      return linkOf(token.attrGet('href'), within);
    case 'image': {
      const src = webAddress(token.attrGet('src'));
      return [text(token.content || (src ?? ''), src === undefined ? {} : { href: src })];
    }
    case 'code_inline':
      return [text(token.content, { code: true })];
    case 'softbreak':
      return [text(' ')];
    case 'hardbreak':
      return [{ kind: 'break' }];
    default:
      return children.length > 0 ? within({}) : [text(token.content)];
  }
}

/** What leads elsewhere than to the web, or is a made-up scheme, leads nowhere. */
function linkOf(
  href: string | number | null,
  within: (more: Partial<Style>) => Inline[],
): Inline[] {
  const address = webAddress(href);
  return within(address === undefined ? {} : { href: address });
}

function webAddress(href: string | number | null): string | undefined {
  if (typeof href !== 'string' || !URL.canParse(href)) return undefined;
  const { protocol, href: address } = new URL(href);
  return protocol === 'https:' || protocol === 'http:' ? address : undefined;
}
