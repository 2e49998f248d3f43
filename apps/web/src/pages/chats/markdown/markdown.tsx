import type { Token } from 'markdown-it';
import { createElement, Fragment, memo, type ReactNode, useMemo } from 'react';
import { ScrollBox } from '../../../ui/scroll-box.tsx';
import { CodeBlock } from './code-block.tsx';
import { parseMarkdown } from './parse.ts';

/**
 * A text with Markdown, as elements: nothing of it is ever handed to the browser as HTML. What is no Markdown that
 * is known here is shown as it was written.
 */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  const tokens = useMemo(() => parseMarkdown(text), [text]);
  return (
    <div dir="auto" className="markdown">
      {elementsOf(tokens)}
    </div>
  );
});

/** Elements that Markdown makes, and what they may have. No other is ever made. */
const known = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li blockquote table thead tbody tr th td em strong s a hr br'.split(
    ' ',
  ),
);

interface Open {
  readonly token: Token;
  readonly children: ReactNode[];
}

function elementsOf(tokens: readonly Token[]): ReactNode[] {
  const root: ReactNode[] = [];
  const open: Open[] = [];
  const add = (node: ReactNode): void => {
    (open.at(-1)?.children ?? root).push(node);
  };
  for (const [index, token] of tokens.entries()) {
    if (token.nesting === 1) open.push({ token, children: [] });
    else if (token.nesting === -1) {
      const done = open.pop();
      if (done !== undefined) add(elementOf(done, index));
    } else add(leafOf(token, index));
  }
  return root;
}

function elementOf({ token, children }: Open, key: number): ReactNode {
  // A paragraph in a tight list is not shown as one.
  if (token.hidden) return createElement(Fragment, { key }, children);
  if (!known.has(token.tag)) return createElement(Fragment, { key }, children);
  if (token.tag === 'a') return linkOf(token, children, key);
  const element = createElement(token.tag, { key, ...attributesOf(token) }, children);
  if (token.tag !== 'table') return element;
  return (
    <ScrollBox key={key} className="table">
      {element}
    </ScrollBox>
  );
}

const attributeOf = (token: Token, name: string): string => String(token.attrGet(name) ?? '');

function attributesOf(token: Token): Record<string, unknown> {
  const start = token.tag === 'ol' ? Number(attributeOf(token, 'start') || '1') : 1;
  const align = /text-align:(left|right|center)/.exec(attributeOf(token, 'style'))?.[1];
  return {
    ...(start === 1 || !Number.isSafeInteger(start) ? {} : { start }),
    ...(align === undefined ? {} : { style: { textAlign: align } }),
  };
}

/** The parser has refused addresses that run something; what is left but leads nowhere outside is shown as text. */
function linkOf(token: Token, children: readonly ReactNode[], key: number): ReactNode {
  const href = attributeOf(token, 'href');
  if (!/^(?:https?:\/\/|mailto:)/i.test(href)) {
    return createElement(Fragment, { key }, children, ` (${href})`);
  }
  return (
    <a key={key} href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function leafOf(token: Token, key: number): ReactNode {
  switch (token.type) {
    case 'inline':
      return createElement(Fragment, { key }, elementsOf(token.children ?? []));
    case 'fence':
    case 'code_block':
      return <CodeBlock key={key} code={token.content} language={languageOf(token.info)} />;
    case 'code_inline':
      return <code key={key}>{token.content}</code>;
    case 'softbreak':
    case 'hardbreak':
      return <br key={key} />;
    case 'hr':
      return <hr key={key} />;
    case 'image':
      // A picture from elsewhere would tell its server who reads.
      return <ImageLink key={key} token={token} />;
    default:
      return token.content;
  }
}

function ImageLink({ token }: { token: Token }) {
  const src = attributeOf(token, 'src');
  if (!/^https?:\/\//i.test(src)) return <>{token.content}</>;
  return (
    <a href={src} target="_blank" rel="noopener noreferrer nofollow">
      {token.content === '' ? src : token.content}
    </a>
  );
}

const languageOf = (info: string): string => /^[\w#+.-]{1,30}/.exec(info.trim())?.[0] ?? '';
