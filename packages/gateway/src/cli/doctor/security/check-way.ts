import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Finding, problem, warning } from '../finding.ts';

const sticky = 0o1000;
const writableByAll = 0o002;

/**
 * Whether others could put something else in the place of a directory of ours, because they may write to
 * one that leads to it.
 * @param user the id of the user that the gateway runs as
 */
export function checkWay(what: string, path: string, variable: string, user: number): Finding[] {
  const elsewhere = `Name a directory below your home with ${variable}.`;
  for (let above = dirname(path); ; above = dirname(above)) {
    const stats = statSync(above, { throwIfNoEntry: false });
    if (stats !== undefined && stats.uid !== user && stats.uid !== 0) {
      const found = `${what} ${path} lies in ${above}, which is another user's (${stats.uid}).`;
      return [problem('way', found, elsewhere)];
    }
    if (stats !== undefined && (stats.mode & writableByAll) !== 0) {
      const found = `${what} ${path} lies in ${above}, where every user of this machine may write`;
      if ((stats.mode & sticky) === 0)
        return [problem('way', `${found}, and replace it.`, elsewhere)];
      return [warning('way', `${found}: who is there first owns it.`, elsewhere)];
    }
    if (above === dirname(above)) return [];
  }
}
