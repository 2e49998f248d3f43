import MarkdownIt, { type Token } from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';

/** HTML stays text; a line break is one; addresses become links. */
const parser = () => new MarkdownIt({ html: false, linkify: true, breaks: true }).use(cjkFriendly);

let made: ReturnType<typeof parser> | undefined;

/** A text's Markdown as tokens, blocks with their inline ones as children. */
export function parseMarkdown(text: string): Token[] {
  made ??= parser();
  return made.parse(text, {});
}
