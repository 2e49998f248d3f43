import { chmodSync, lstatSync } from 'node:fs';
import { type Finding, mendable, ok, problem, warning } from '../finding.ts';

/** Something of the gateway's that only its user should get at. */
export interface PrivatePath {
  readonly path: string;
  /** What it is: begins the line. */
  readonly what: string;
  /** What else to do about it, where closing it comes too late. */
  readonly more?: string;
  /** It matters so much that the gateway should not run like that. */
  readonly grave?: true;
}

/**
 * Whether others can read or change them. Those that are not there are passed over.
 * @param user the id of the user that the gateway runs as
 */
export function checkPrivate(paths: readonly PrivatePath[], user: number): Finding[] {
  const there = paths.flatMap((entry) => {
    const stats = lstatSync(entry.path, { throwIfNoEntry: false });
    return stats === undefined ? [] : [{ entry, stats }];
  });
  const findings = there.flatMap(({ entry, stats }) => {
    const { path, what, more = '', grave } = entry;
    const say = grave === true ? problem : warning;
    // The rights of a link say nothing: whoever can change its directory can change it.
    if (stats.isSymbolicLink()) return [];
    if (stats.uid !== user) {
      const found = `${what} ${path} belongs to another user (${stats.uid}).`;
      return [say('private', found, `chown ${user} ${path}`)];
    }
    if ((stats.mode & 0o077) === 0) return [];
    const mode = (stats.mode & 0o777).toString(8);
    const closed = stats.isDirectory() ? 700 : 600;
    const found = `${what} ${path} is open to other users of this machine (mode ${mode}).`;
    const finding = say('private', found, `chmod ${closed} ${path}${more}`);
    // A key that others could read is replaced, not closed.
    if (more !== '') return [finding];
    return [mendable(finding, () => chmodSync(path, stats.mode & 0o700))];
  });
  if (findings.length > 0) return findings;
  return [ok('private', `${there.length} files and directories are for their owner alone.`)];
}
