import { builtinModules } from 'node:module';
import { rolldown } from 'rolldown';

/** Our own sources go into the bundle; what comes from npm stays outside and is loaded as published. */
const isOutside = (id) =>
  builtinModules.includes(id) ||
  id.startsWith('node:') ||
  (/^[^./\0]/.test(id) && !id.startsWith('@mini-claude-bot/') && id !== 'mini-claude-bot');

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
