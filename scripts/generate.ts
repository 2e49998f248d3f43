// Writes what is made from the configuration's schema and from the commands: npm run generate
// With --check nothing is written: exit code 1 tells that a file is stale.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { commandTable, envExample, variables } from 'mini-claude-bot';

// The bundle that is run lies elsewhere; `scripts/run.mjs` keeps the source's path here.
const root = join(dirname(process.argv[1] ?? ''), '..');

interface Row {
  readonly say: string;
  readonly form: string;
  readonly default?: string;
  readonly secret?: true;
}

const capital = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}`;

const tableRow = ([name, { say, form, default: standard, secret }]: [string, Row]): string => {
  const value = standard === undefined ? '' : `\`${standard}\``;
  const cells = [
    `\`${name}\``,
    `${say}${secret === true ? ' A secret.' : ''}`,
    capital(form),
    value,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
};

const table = [
  '| Variable | What it is for | What it may be | Default |',
  '| --- | --- | --- | --- |',
  ...Object.entries<Row>(variables).map(tableRow),
].join('\n');

const begin = '<!-- made by npm run generate -->';
const end = '<!-- end of what is made -->';

/** Put a text between the two marks of a page. */
function between(page: string, text: string): string {
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error(`the marks ${begin} are missing`);
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}

const read = (path: string): string => {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

const configurationPage = 'docs/configuration.md';
const commandsPage = 'docs/command-line.md';
const files = {
  '.env.example': envExample(),
  [configurationPage]: between(read(configurationPage), table),
  [commandsPage]: between(read(commandsPage), commandTable()),
};

const stale = Object.entries(files).filter(([path, content]) => read(path) !== content);
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is stale. Run: npm run generate`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else {
  for (const [path, content] of stale) writeFileSync(join(root, path), content);
  console.log(
    stale.length === 0 ? 'Nothing is stale.' : `Written: ${stale.map(([path]) => path).join(', ')}`,
  );
}
