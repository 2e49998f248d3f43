// Bundles the gateway's programs into packages/gateway/dist. Takes a fraction of a second, so that
// `npm start` can do it every time and never run something stale.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
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
