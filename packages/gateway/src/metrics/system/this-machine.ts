import { cpus } from 'node:os';
import { readSystemFile } from '../../host/control-groups.ts';
import type { Machine } from './system-figures.ts';

/** It is a large library, and nobody needs it before metrics are asked for. */
const library = () => import('systeminformation');

/** The library starts a shell for this each time. */
const busyOf = ({
  user,
  nice,
  sys,
  irq,
}: Record<'user' | 'nice' | 'sys' | 'irq', number>): number => user + nice + sys + irq;

/** The machine that this program runs on. */
export const thisMachine: Machine = {
  cpu: async () => (await library()).cpu(),
  mem: async () => (await library()).mem(),
  busyMs: () => cpus().reduce((sum, { times }) => sum + busyOf(times), 0),
  readFile: readSystemFile,
};
