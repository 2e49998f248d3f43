import type { Argument, Command, Option } from 'commander';

/** What may stand in a place of the command line. */
export type Taken =
  | { readonly kind: 'anything' }
  | { readonly kind: 'file' }
  | { readonly kind: 'one of'; readonly words: readonly string[] };

export interface TreeOption {
  /** `--bot` and, where it has one, its letter. */
  readonly names: readonly string[];
  readonly description: string;
  /** undefined: it takes no value. */
  readonly value: Taken | undefined;
}

/** A command, and all below it. */
export interface CommandTree {
  /** Words that lead to it from the program; none: the program itself. */
  readonly path: readonly string[];
  readonly description: string;
  readonly commands: readonly CommandTree[];
  readonly options: readonly TreeOption[];
  /** What its first argument takes. */
  readonly argument: Taken | undefined;
}

/** What a program of commander's has, for those who complete its words. */
export function commandTree(command: Command, path: readonly string[] = []): CommandTree {
  const help = command.createHelp();
  return {
    path,
    description: command.description(),
    commands: help
      .visibleCommands(command)
      .filter((inner) => inner.name() !== 'help')
      .map((inner) => commandTree(inner, [...path, inner.name()])),
    options: help.visibleOptions(command).map(treeOption),
    argument: command.registeredArguments[0] && takenBy(command.registeredArguments[0]),
  };
}

/** All commands of a tree, the program itself first. */
export const everyCommand = (tree: CommandTree): CommandTree[] => [
  tree,
  ...tree.commands.flatMap(everyCommand),
];

const treeOption = (option: Option): TreeOption => ({
  names: [option.long, option.short].filter((name) => typeof name === 'string'),
  description: option.description,
  value: option.required || option.optional ? taken(option.argChoices, option.flags) : undefined,
});

const takenBy = (argument: Argument): Taken => taken(argument.argChoices, `<${argument.name()}>`);

function taken(choices: readonly string[] | undefined, form: string): Taken {
  if (choices !== undefined) return { kind: 'one of', words: choices };
  return { kind: /<(file|place|path|directory)\b/.test(form) ? 'file' : 'anything' };
}
