import { inlineNodes, kindOf, type Node } from '../../markdown/parse-markdown.ts';
import type { TelegramStyle } from '../entities.ts';
import type { RunWriter } from './run-writer.ts';

const simple: Readonly<Record<string, TelegramStyle>> = {
  strong: { type: 'bold' },
  em: { type: 'italic' },
  s: { type: 'strikethrough' },
  spoiler: { type: 'spoiler' },
};

/** Write what stands in a paragraph, a heading or a link. */
export function writeInline(nodes: readonly Node[], writer: RunWriter): void {
  for (const node of nodes) writeNode(node, writer);
}

function writeNode(node: Node, writer: RunWriter): void {
  const kind = kindOf(node);
  const { token, children } = node;
  const style = simple[kind];
  if (style !== undefined) writer.styled(style, () => writeInline(children, writer));
  else if (kind === 'code_inline')
    writer.styled({ type: 'code' }, () => writer.write(token.content));
  else if (kind === 'softbreak' || kind === 'hardbreak') writer.write('\n');
  else if (kind === 'image') writeImage(node, writer);
  else if (kind === 'link') {
    const link = { address: attribute(node, 'href'), words: plainOf(children) };
    writeLink(link, writer, () => writeInline(children, writer));
  } else writer.write(token.content);
}

/** A picture can't stand in a text: it becomes a link to itself. */
function writeImage(node: Node, writer: RunWriter): void {
  const address = attribute(node, 'src');
  const words = plainOf(inlineNodes(node));
  const shown = words === '' ? address : words;
  writeLink({ address, words: shown }, writer, () => writer.write(shown));
}

interface Link {
  readonly address: string;
  /** What it is shown as. */
  readonly words: string;
}

/** @param write writes the words, with their styles */
function writeLink({ address, words }: Link, writer: RunWriter, write: () => void): void {
  // Telegram makes a link of an address by itself.
  if (words.trim() === '' || words === address) writer.write(address);
  else if (isAddress(address)) writer.styled({ type: 'text_link', url: address }, write);
  else {
    write();
    if (address !== '') writer.write(` (${address})`);
  }
}

/** Telegram refuses a message with a link that it can't follow. */
function isAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  if (protocol === 'tg:') return true;
  return (protocol === 'http:' || protocol === 'https:') && /[^.]\.[^.]/.test(hostname);
}

const attribute = ({ token }: Node, name: string): string => String(token.attrGet(name) ?? '');

/** What would be read of it, without any style. */
export const plainOf = (nodes: readonly Node[]): string =>
  nodes
    .map((node) => {
      const kind = kindOf(node);
      if (kind === 'softbreak' || kind === 'hardbreak') return ' ';
      if (kind === 'image') return plainOf(inlineNodes(node)) || attribute(node, 'src');
      return node.children.length > 0 ? plainOf(node.children) : node.token.content;
    })
    .join('');
