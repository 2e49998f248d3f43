import { type CommandTree, everyCommand, type Taken, type TreeOption } from './command-tree.ts';

/** A script for fish. */
export function fishCompletion(tree: CommandTree): string {
  const commands = everyCommand(tree);
  const paths = commands
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => literal(path.join(' ')));
  return `# Completion of mini-claude-bot for fish. Load it with:  mini-claude-bot completion fish | source
# Which command is this: the longest one that the words before the cursor name.
function __mini_claude_bot_is
    set -l route ''
    for word in (commandline -opc)[2..]
        set -l longer (string trim -- "$route $word")
        contains -- $longer ${paths.join(' ')}; and set route $longer
    end
    test "$route" = "$argv[1]"
end
complete -c mini-claude-bot -f
${commands.flatMap(linesOf).join('\n')}
`;
}

const literal = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function linesOf({ path, commands, options, argument }: CommandTree): string[] {
  const here = `complete -c mini-claude-bot -n "__mini_claude_bot_is ${literal(path.join(' '))}"`;
  return [
    ...commands.map(
      ({ path: inner, description }) =>
        `${here} -a ${inner.at(-1) ?? ''} -d ${literal(description)}`,
    ),
    ...options.map((option) => `${here} ${optionWords(option)} -d ${literal(option.description)}`),
    ...(argument?.kind === 'one of' ? [`${here} -a ${literal(argument.words.join(' '))}`] : []),
    ...(argument?.kind === 'file' ? [`${here} -F`] : []),
  ];
}

const optionWords = ({ names, value }: TreeOption): string =>
  [
    ...names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)),
    ...valueWords(value),
  ].join(' ');

function valueWords(value: Taken | undefined): string[] {
  if (value === undefined) return [];
  if (value.kind === 'one of') return ['-x', `-a ${literal(value.words.join(' '))}`];
  return value.kind === 'file' ? ['-r', '-F'] : ['-x'];
}
