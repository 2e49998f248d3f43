import type { Command } from 'commander';
import { bashCompletion } from './bash.ts';
import { commandTree } from './command-tree.ts';
import { fishCompletion } from './fish.ts';
import { zshCompletion } from './zsh.ts';

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** What a shell loads to complete the words of a program. It runs nothing of ours afterwards. */
export const completionScript = (shell: keyof typeof scripts, program: Command): string =>
  scripts[shell](commandTree(program));
