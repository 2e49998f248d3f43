import { cp } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/**
 * Loaded as published: what is native, what brings files of its own, and the SDK, which finds the CLI beside
 * itself. All else goes into the bundle, which starts in half the time of hundreds of small files and holds
 * only what is used.
 */
export const outside = [
  '@anthropic-ai/claude-agent-sdk',
  'better-sqlite3',
  'sqlite-vec',
  'swagger-ui-dist',
  'harfbuzzjs',
];

/** The same, of what is only used in development. */
const outsideInDevelopment = ['axe-core', 'chrome-launcher', 'lighthouse', 'playwright-core'];

/** Files that are read beside the bundle, as they are read beside the sources. */
const filesBeside = {
  templates: fileURLToPath(new URL('../packages/gateway/src/reports/templates/', import.meta.url)),
  reports: fileURLToPath(new URL('../packages/gateway/reports/', import.meta.url)),
};

const isOutside = (id) =>
  builtinModules.includes(id) ||
  id.startsWith('node:') ||
  [...outside, ...outsideInDevelopment].some((name) => id === name || id.startsWith(`${name}/`));

/**
 * What libraries can load, and are never asked for here. Together they would be a fifth of what is read at each start:
 * lists of directories (the server of static files), compilers of schemas and calls without a connection (Fastify), a
 * checker of forms (the MCP SDK).
 */
const unused = [
  'glob',
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
  'ajv',
  'ajv-formats',
];

const withoutUnused = {
  name: 'without-unused',
  resolveId: (id) => (unused.includes(id) ? `\0unused:${id}` : undefined),
  load: (id) =>
    id.startsWith('\0unused:')
      ? 'export const glob = undefined; export default undefined;'
      : undefined,
};

/**
 * V8 keeps a source with a single character beyond Latin-1 at two bytes a character, for as long as it runs.
 * Written as escapes they mean the same, in a string, a template and a pattern.
 */
const asciiOnly = {
  name: 'ascii-only',
  renderChunk: (code) => {
    const escaped = /(?<!\\)(?:\\\\)*\\[^\0-\x7f].*/.exec(code)?.[0];
    if (escaped !== undefined) throw new Error(`A backslash stands before ${escaped.slice(0, 80)}`);
    const ascii = code.replace(
      /[^\0-\x7f]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    return ascii;
  },
};

/**
 * Bundle TypeScript entries for Node.
 * @param {Record<string, string>} entries name of the output file → path of the source
 * @param {string} directory where to write
 */
export async function bundle(entries, directory) {
  const build = await rolldown({
    input: entries,
    platform: 'node',
    external: isOutside,
    plugins: [withoutUnused, asciiOnly],
    // Lines stay as they are without non-ASCII characters, and lines are what the source map is for.
    onLog: (level, log, handle) => {
      if (log.code !== 'SOURCEMAP_BROKEN') handle(level, log);
    },
  });
  try {
    await build.write({
      dir: directory,
      format: 'esm',
      sourcemap: true,
      entryFileNames: '[name].js',
      // What it does otherwise, it does last, and writes the characters themselves again.
      minify: false,
    });
    for (const [name, from] of Object.entries(filesBeside))
      await cp(from, join(directory, name), { recursive: true });
  } finally {
    await build.close();
  }
}
