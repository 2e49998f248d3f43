import { existsSync, realpathSync } from 'node:fs';

/** Without links, where it is there. */
export const realPath = (path: string): string => (existsSync(path) ? realpathSync(path) : path);
