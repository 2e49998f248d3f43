import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

/** The workspace: what the page shares with the gateway lies there. */
const workspace = fileURLToPath(new URL('../../', import.meta.url));

const config: NextConfig = {
  transpilePackages: ['@mini-claude-bot/contract'],
  turbopack: { root: workspace },
  outputFileTracingRoot: workspace,
  // `npm run check` looks at the types of the whole workspace.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
  // One request fewer before anything is seen.
  experimental: { inlineCss: true },
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'x-content-type-options', value: 'nosniff' },
        { key: 'referrer-policy', value: 'no-referrer' },
        { key: 'x-frame-options', value: 'DENY' },
        { key: 'cross-origin-opener-policy', value: 'same-origin' },
        { key: 'permissions-policy', value: 'camera=(), geolocation=(), microphone=()' },
      ],
    },
  ],
};

export default config;
