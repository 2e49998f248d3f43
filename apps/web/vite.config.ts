import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Where a gateway listens while the page is being worked on: `npm run dev -w @mini-claude-bot/web`. */
const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:8000';

/** The font is asked for with the page, not when the styles are there: text then never changes its look. */
const preloadFont: Plugin = {
  name: 'preload-font',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle }) =>
      Object.keys(bundle ?? {})
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
          injectTo: 'head-prepend',
        })),
  },
};

/** The first page that is shown at an address, by the first part of that; `routes.ts` of each says what else there is. */
const firstPages: Readonly<Record<string, readonly string[]>> = {
  '': ['overview/overview-page.tsx'],
  chats: ['chats/chats-page.tsx'],
  tasks: ['tasks/task-list-page.tsx'],
  cron: ['cron/cron-page.tsx'],
  memory: ['memory/memory-page.tsx'],
};

const placeOfParts = 'data-parts="{}"';

/** Tells `public/early.js` which files the page at each address needs beside the program. */
const namePartsOfPages: Plugin = {
  name: 'name-parts-of-pages',
  transformIndexHtml: {
    order: 'post',
    handler: (html, { bundle }) => {
      if (bundle === undefined) return html;
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const withImports = (file: string, found = new Set<string>()): Set<string> => {
        const chunk = chunks.find(({ fileName }) => fileName === file);
        if (chunk === undefined || found.has(file)) return found;
        found.add(file);
        for (const each of chunk.imports) withImports(each, found);
        return found;
      };
      const entries = chunks.filter(({ isEntry }) => isEntry);
      const program = new Set(entries.flatMap(({ fileName }) => [...withImports(fileName)]));
      const partsOf = (page: string): string[] => {
        const chunk = chunks.find(({ facadeModuleId }) =>
          facadeModuleId?.endsWith(`/pages/${page}`),
        );
        if (chunk === undefined) throw new Error(`there is no chunk of the page ${page}`);
        return [...withImports(chunk.fileName)].filter((file) => !program.has(file));
      };
      const parts = Object.fromEntries(
        Object.entries(firstPages).map(([name, files]) => [name, files.flatMap(partsOf)]),
      );
      if (!html.includes(placeOfParts)) throw new Error(`index.html has no ${placeOfParts}`);
      return html.replace(placeOfParts, `data-parts='${JSON.stringify(parts)}'`);
    },
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), preloadFont, namePartsOfPages],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // A data: address would need an exception in the policy of the page.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: gateway }, '/health': { target: gateway } },
  },
});
