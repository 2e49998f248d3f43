import { join } from 'node:path';

/** Path of a file among the sources of this suite: a program that is run is bundled to somewhere else. */
export const dataFile = (...path: readonly string[]): string =>
  join(process.cwd(), 'bench', 'src', 'search', ...path);
