import { builtinModules } from 'node:module';
import { rolldown } from 'rolldown';

/**
 * Loaded as published: what is native, what brings files of its own, and the SDK, which finds the CLI beside
 * itself. All else goes into the bundle, which starts in half the time of hundreds of small files and holds
 * only what is used.
 */
const outside = [
  '@anthropic-ai/claude-agent-sdk',
  'better-sqlite3',
  'sqlite-vec',
  'swagger-ui-dist',
  'playwright-core',
  'axe-core',
];

const isOutside = (id) =>
  builtinModules.includes(id) ||
  id.startsWith('node:') ||
  outside.some((name) => id === name || id.startsWith(`${name}/`));

/**
 * Bundle TypeScript entries for Node.
 * @param {Record<string, string>} entries name of the output file → path of the source
 * @param {string} directory where to write
 */
export async function bundle(entries, directory) {
  const build = await rolldown({ input: entries, platform: 'node', external: isOutside });
  try {
    await build.write({
      dir: directory,
      format: 'esm',
      sourcemap: true,
      entryFileNames: '[name].js',
    });
  } finally {
    await build.close();
  }
}
