import { common, createLowlight } from 'lowlight';
import { createElement, type ReactNode } from 'react';

type Root = ReturnType<ReturnType<typeof createLowlight>['highlight']>;
type Node = Root['children'][number];

let made: ReturnType<typeof createLowlight> | undefined;

/** Colours for code; undefined: the language is not known. */
export function highlight(code: string, language: string): ReactNode | undefined {
  made ??= createLowlight(common);
  if (!made.registered(language)) return undefined;
  return made.highlight(language, code).children.map(nodeOf);
}

function nodeOf(node: Node, key: number): ReactNode {
  if (node.type === 'text') return node.value;
  if (node.type !== 'element') return null;
  const { className } = node.properties;
  const names = Array.isArray(className) ? className.join(' ') : undefined;
  return createElement('span', { key, className: names }, node.children.map(nodeOf));
}
