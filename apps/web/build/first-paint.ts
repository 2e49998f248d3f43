import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import type { HtmlTagDescriptor, Plugin, Rolldown } from 'vite';
import { FirstPaint } from '../src/app/first-paint.tsx';
import { Build } from './parts-of-page.ts';

const placeOfPages = 'data-pages="{}"';
const placeOfFrame = '<!-- first paint: src/app/first-paint.tsx -->';

/** What stands around the page while its program comes. */
export const frame: Plugin = {
  name: 'frame-of-page',
  transformIndexHtml: {
    order: 'pre',
    handler: (html) => {
      if (!html.includes(placeOfFrame)) throw new Error(`index.html has no ${placeOfFrame}`);
      return html.replace(placeOfFrame, () => renderToStaticMarkup(createElement(FirstPaint)));
    },
  },
};

/**
 * What is painted first comes with `index.html` itself: the styles, and the frame of the page. Fonts are asked for with
 * it, so that text never changes its look; the program comes after, and begins in steps.
 */
export const firstPaint: Plugin = {
  name: 'first-paint',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => {
      if (bundle === undefined) return html;
      if (!html.includes(placeOfPages)) throw new Error(`index.html has no ${placeOfPages}`);
      const build = new Build(bundle);
      const pages = JSON.stringify(build.pages());
      return {
        html: withoutFiles(html).replace(placeOfPages, () => `data-pages='${pages}'`),
        tags: [...fonts(bundle), styles(bundle), ...program(build)],
      };
    },
  },
};

/** As Vite names them: what stands here instead says itself what is wanted when. */
const withoutFiles = (html: string): string =>
  html.replaceAll(/\s*<(link rel="stylesheet"|script type="module")[^>]*>(<\/script>)?/g, '');

const fonts = (bundle: Rolldown.OutputBundle): HtmlTagDescriptor[] =>
  Object.keys(bundle)
    .filter((file) => file.endsWith('.woff2'))
    .map((file) => ({
      tag: 'link',
      attrs: {
        rel: 'preload',
        as: 'font',
        type: 'font/woff2',
        href: `/${file}`,
        crossorigin: '',
      },
      injectTo: 'head',
    }));

function styles(bundle: Rolldown.OutputBundle): HtmlTagDescriptor {
  const sheets = Object.values(bundle).filter(({ fileName }) => fileName.endsWith('.css'));
  const text = sheets.map((file) => (file.type === 'asset' ? String(file.source) : '')).join('');
  if (text === '') throw new Error('the page has no styles');
  return { tag: 'style', children: text, injectTo: 'head' };
}

/** Each in a task of its own, at the end: the place of the page is there before it begins. */
const program = (build: Build): HtmlTagDescriptor[] =>
  build.program().map((file) => ({
    tag: 'script',
    attrs: { type: 'module', async: true, fetchpriority: 'low', crossorigin: '', src: `/${file}` },
    injectTo: 'body',
  }));
