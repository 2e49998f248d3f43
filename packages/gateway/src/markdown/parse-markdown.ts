import MarkdownIt, { type Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import { spoilers } from './spoilers.ts';

/** A token with what stands between its beginning and its end. */
export interface Node {
  readonly token: Token;
  readonly children: readonly Node[];
}

/** What opens a block and what closes it, or an inline token: `em_open` … `em_close` is one node `em`. */
export const kindOf = ({ token }: Node): string => token.type.replace(/_open$/, '');

/**
 * Markdown as Claude writes it: CommonMark with tables and strikethrough (GitHub Flavored Markdown), with
 * emphasis also where Chinese or Japanese stands around it without spaces, and with `||spoilers||`. HTML is
 * text.
 */
export function parseMarkdown(markdown: string): Node[] {
  const parser = new MarkdownIt({ html: false, linkify: false, typographer: false });
  parser.use(cjkFriendly).use(spoilers);
  return toTree(parser.parse(markdown, {}));
}

/** The inline content of a block. */
export const inlineNodes = ({ token }: Node): Node[] => toTree(token.children ?? []);

/** The parser gives a flat list, in which each opening token has its closing one. */
function toTree(tokens: readonly Token[]): Node[] {
  const root: Node[] = [];
  const open = [root];
  for (const token of tokens) {
    if (token.nesting === -1) {
      open.pop();
      continue;
    }
    const children: Node[] = [];
    open.at(-1)?.push({ token, children });
    if (token.nesting === 1) open.push(children);
  }
  return root;
}
