import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const Manifest = z.object({ name: z.string() });

/**
 * Where the built page is: with an installed package in its `dist/web`, in the repository in `apps/web/dist`. It need
 * not be there yet.
 * @param from a file of the gateway, source or bundle
 */
export function pageDirectory(from: string): string | undefined {
  const gateway = ancestorNamed(dirname(from), 'mini-claude-bot');
  if (gateway === undefined) return undefined;
  const packaged = join(gateway, 'dist', 'web');
  if (existsSync(packaged)) return packaged;
  // Whoever installs the package may have an `apps/web` of their own.
  const repository = ancestorNamed(dirname(gateway), 'mini-claude-bot-workspace');
  return repository === undefined ? packaged : join(repository, 'apps', 'web', 'dist');
}

/** The nearest directory from there upwards that is the package of that name. */
function ancestorNamed(directory: string, name: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    if (nameOf(join(at, 'package.json')) === name) return at;
    if (dirname(at) === at) return undefined;
  }
}

function nameOf(manifest: string): string | undefined {
  try {
    return Manifest.parse(JSON.parse(readFileSync(manifest, 'utf8'))).name;
  } catch {
    return undefined;
  }
}
