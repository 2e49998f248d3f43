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

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), preloadFont],
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
