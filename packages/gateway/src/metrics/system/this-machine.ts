import { readSystemFile } from '../../host/control-groups.ts';
import type { Machine } from './system-figures.ts';

/** It is a large library, and nobody needs it before metrics are asked for. */
const library = () => import('systeminformation');

/** The machine that this program runs on. */
export const thisMachine: Machine = {
  cpu: async () => (await library()).cpu(),
  mem: async () => (await library()).mem(),
  currentLoad: async () => (await library()).currentLoad(),
  readFile: readSystemFile,
};
