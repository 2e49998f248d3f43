import manifest from '../../../package.json' with { type: 'json' };
import { type Finding, ok, problem } from './finding.ts';

const oldest = manifest.engines.node.replace(/^>=/, '');

/** @param version such as 20.19.0 */
export function checkNode(version: string): Finding {
  if (isAtLeast(version, oldest)) return ok('node', `Node.js ${version}`);
  return problem(
    'node',
    `Node.js ${version} is too old: ${oldest} or newer is needed.`,
    'Install a newer one from https://nodejs.org (or with your version manager), then run npm ci again.',
  );
}

function isAtLeast(version: string, least: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, needed] of least.split('.').map(Number).entries()) {
    const difference = (parts[index] ?? 0) - needed;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
