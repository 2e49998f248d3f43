import { describeProgram } from '../command-line.ts';
import { commandTree, everyCommand } from '../completion/command-tree.ts';

/** Every command that does something, and what it is for, as a table of the documentation. */
export function commandTable(): string {
  const sources = { processEnvironment: {}, envFile: '.env' };
  const program = describeProgram(
    () => async () => {},
    sources,
    () => {},
  );
  const rows = everyCommand(commandTree(program))
    .filter(({ path, commands }) => path.length > 0 && (commands.length === 0 || path[0] === 'mcp'))
    .map(({ path, description }) => [path.join(' '), description] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
  return [
    '| Command | What it is for |',
    '| --- | --- |',
    ...rows.map(([path, description]) => `| \`${path}\` | ${description.replaceAll('|', '\\|')} |`),
  ].join('\n');
}
