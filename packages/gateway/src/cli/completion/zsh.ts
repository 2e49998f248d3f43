import { type CommandTree, everyCommand, type Taken } from './command-tree.ts';

/** A script for zsh. */
export function zshCompletion(tree: CommandTree): string {
  const commands = everyCommand(tree);
  const paths = commands
    .filter(({ path }) => path.length > 0)
    .map(({ path }) => literal(path.join(' ')));
  return `#compdef mini-claude-bot
# Completion of mini-claude-bot for zsh. Load it with:  source <(mini-claude-bot completion zsh)
_mini_claude_bot() {
  local current=$words[CURRENT] before=$words[CURRENT-1] route='' n
  local -a candidates
  # Which command is this: the longest one that the words before the cursor name.
  for ((n = 2; n < CURRENT; n++)); do
    case "\${route:+$route }$words[n]" in
      ${paths
        .map((path) => `(${path})`)
        .join(' | ')
        .replaceAll(') | (', ' | ')}
        route="\${route:+$route }$words[n]" ;;
    esac
  done
  case "$route|$before" in
${commands.flatMap(optionCases).join('\n')}
  esac
  case "$route" in
${commands.map(commandCase).join('\n')}
  esac
}
whence compdef > /dev/null || { autoload -Uz compinit && compinit; }
compdef _mini_claude_bot mini-claude-bot
`;
}

const literal = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** A word and what it is for, as \`_describe\` takes them. */
const described = (word: string, description: string): string =>
  literal(`${word.replaceAll(':', '\\:')}:${description}`);

function optionCases({ path, options }: CommandTree): string[] {
  return options
    .filter(({ value }) => value !== undefined)
    .map(({ names, value }) => {
      const places = names.map((name) => literal(`${path.join(' ')}|${name}`));
      return `    ${places.join(' | ')}) ${reply(value)} return ;;`;
    });
}

function reply(value: Taken | undefined): string {
  if (value?.kind === 'one of') return `compadd -- ${value.words.join(' ')};`;
  return value?.kind === 'file' ? '_files;' : '';
}

function commandCase({ path, commands, options, argument }: CommandTree): string {
  const flags = options.flatMap(({ names, description }) =>
    names.filter((name) => name.startsWith('--')).map((name) => described(name, description)),
  );
  const words = commands.map(({ path: inner, description }) =>
    described(inner.at(-1) ?? '', description),
  );
  const choices = argument?.kind === 'one of' ? argument.words.map(literal) : [];
  const list = [...words, ...choices];
  const plain =
    list.length > 0
      ? `candidates=(${list.join(' ')}); _describe command candidates`
      : argument?.kind === 'file'
        ? '_files'
        : ':';
  return `    ${literal(path.join(' '))})
      if [[ $current == -* ]]; then candidates=(${flags.join(' ')}); _describe option candidates
      else ${plain}; fi ;;`;
}
