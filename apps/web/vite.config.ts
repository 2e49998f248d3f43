import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { firstPaint, frame } from './build/first-paint.ts';
import { groups, nameOfPart } from './build/parts-of-page.ts';

/** Where a gateway listens while the page is being worked on: `npm run dev -w @mini-claude-bot/web`. */
const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:8000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind(), frame, firstPaint],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // A data: address would need an exception in the policy of the page.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 600,
    // index.html says itself what comes first.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, parts, { hostType }) => (hostType === 'html' ? [] : parts),
    },
    rolldownOptions: { output: { codeSplitting: groups, chunkFileNames: nameOfPart } },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: gateway }, '/health': { target: gateway } },
  },
});
