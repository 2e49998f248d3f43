// Bundles the gateway's programs into packages/gateway/dist, which takes a fraction of a second, and builds the
// owner's page when its sources have changed: so `npm start` can do it every time and never run something stale.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildPage } from './build-page.mjs';
import { bundle } from './bundle.mjs';

const gateway = fileURLToPath(new URL('../packages/gateway/', import.meta.url));
const entry = (name) => `${gateway}src/${name}.ts`;

await rm(`${gateway}dist`, { recursive: true, force: true });
await bundle(
  {
    main: entry('main'),
    cli: entry('cli/main'),
    demo: entry('demo/main'),
    'search-worker': entry('search/engine/search-worker'),
    'backup-worker': entry('backup/backup-worker'),
    'metrics-worker': entry('metrics/thread/metrics-worker'),
  },
  `${gateway}dist`,
);

// The gateway does without its page, and says so at `/`.
await buildPage().catch((error) => {
  console.error('The page was not built:', error);
  process.exitCode = 1;
});
