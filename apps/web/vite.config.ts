import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where a gateway listens while the page is being worked on: `npm run dev -w @mini-claude-bot/web`. */
const gateway = process.env.GATEWAY_URL ?? 'http://127.0.0.1:8000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwind()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // A data: address would need an exception in the policy of the page.
    assetsInlineLimit: 0,
    // By default the page holds what is shared alone; each page's own parts come when it is opened.
    chunkSizeWarningLimit: 600,
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: gateway }, '/health': { target: gateway } },
  },
});
