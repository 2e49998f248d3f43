import { type CommandTree, everyCommand, type Taken } from './command-tree.ts';

/** A script for bash, version 3 and newer, as macOS has it. */
export function bashCompletion(tree: CommandTree): string {
  const commands = everyCommand(tree);
  const paths = commands.filter(({ path }) => path.length > 0).map(({ path }) => quoted(path));
  return `# Completion of mini-claude-bot for bash. Load it with:  source <(mini-claude-bot completion bash)
_mini_claude_bot() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path='' n
  # Which command is this: the longest one that the words before the cursor name.
  for ((n = 1; n < COMP_CWORD; n++)); do
    case "\${path:+$path }\${COMP_WORDS[n]}" in
      ${paths.join(' | ')}) path="\${path:+$path }\${COMP_WORDS[n]}" ;;
    esac
  done
  COMPREPLY=()
  # The value of the option that stands before.
  case "$path|$before" in
${commands.flatMap(optionCases).join('\n')}
  esac
  case "$path" in
${commands.map(commandCase).join('\n')}
  esac
}
complete -o default -F _mini_claude_bot mini-claude-bot
`;
}

const quoted = (path: readonly string[]): string => `'${path.join(' ')}'`;

function optionCases({ path, options }: CommandTree): string[] {
  return options
    .filter(({ value }) => value !== undefined)
    .map(({ names, value }) => {
      const places = names.map((name) => `'${path.join(' ')}|${name}'`);
      return `    ${places.join(' | ')}) ${reply(value)} return ;;`;
    });
}

/** With no reply bash completes names of files itself: what takes anything is given back as it is. */
function reply(value: Taken | undefined): string {
  if (value?.kind === 'one of')
    return `COMPREPLY=($(compgen -W '${value.words.join(' ')}' -- "$current"));`;
  return value?.kind === 'file' ? '' : 'compopt +o default 2>/dev/null;';
}

function commandCase({ path, commands, options, argument }: CommandTree): string {
  const words = commands.map(({ path: inner }) => inner.at(-1) ?? '');
  const choices = argument?.kind === 'one of' ? argument.words : [];
  const flags = options.flatMap(({ names }) => names.filter((name) => name.startsWith('--')));
  const wordsOf = (list: readonly string[]): string =>
    `COMPREPLY=($(compgen -W '${list.join(' ')}' -- "$current"))`;
  const plain = [...words, ...choices];
  const otherwise =
    plain.length > 0
      ? wordsOf(plain)
      : argument?.kind === 'file'
        ? ':'
        : 'compopt +o default 2>/dev/null';
  return `    ${quoted(path)}) if [[ $current == -* ]]; then ${wordsOf(flags)}; else ${otherwise}; fi ;;`;
}
