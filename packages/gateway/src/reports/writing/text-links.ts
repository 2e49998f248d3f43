import MarkdownIt from 'markdown-it';
import type { WrittenSection } from '../content.ts';

type Item = WrittenSection['items'][number];

const inline =
  /(!?)\[((?:[^[\]\\]|\\.)*)\]\(\s*<?([^\s()<>]+(?:\([^\s()]*\)[^\s()<>]*)*)>?(?:\s+["'(][^\n]*?["')])?\s*\)/g;
const auto = /<(https?:\/\/[^\s<>]+)>/g;

/**
 * Links within the text of an item are taken out of it, and stand below it with the others: only there are they
 * checked, and shown as what they are. A picture leaves its words.
 * @returns undefined where one can't be taken out
 */
export function withoutTextLinks(item: Item): Item | undefined {
  const found = new Map<string, string>();
  const note = (url: string, title: string): void => {
    if (url.startsWith('https://') && URL.canParse(url)) found.set(url, title.slice(0, 300));
  };
  const text = item.text
    .replace(inline, (_whole, picture: string, label: string, url: string) => {
      if (picture === '') note(url, label.trim() || hostOf(url));
      return label;
    })
    .replace(auto, (_whole, url: string) => {
      note(url, hostOf(url));
      return hostOf(url);
    });
  if (text.trim() === '' || hasLinks(text)) return undefined;
  const known = new Set(item.links.map(({ url }) => url));
  const moved = [...found]
    .filter(([url]) => !known.has(url))
    .map(([url, title]) => ({ title, url }));
  return { ...item, text, links: [...item.links, ...moved].slice(0, 12) };
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : url);

/** Whether a Markdown text leads anywhere. */
export function hasLinks(text: string): boolean {
  const markdown = new MarkdownIt();
  return markdown
    .parse(text, {})
    .some(({ children }) =>
      (children ?? []).some(({ type }) => type === 'link_open' || type === 'image'),
    );
}
