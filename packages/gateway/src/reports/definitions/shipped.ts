import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where the reports are that come along: in the package, also where the program is bundled. */
export const shippedReports = (): string =>
  join(dirname(createRequire(import.meta.url).resolve('mini-claude-bot')), '..', 'reports');
