import { Argument, type Command } from 'commander';
import type { Act } from '../act.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

/** Add `completion` to the program. */
export function describeCompletionCommand(program: Command, act: Act): void {
  program
    .command('completion')
    .description('print a script that lets a shell complete the words of this command')
    .addArgument(new Argument('<shell>', 'which shell it is for').choices(shells))
    .addHelpText('after', afterHelp)
    .action(async (shell: (typeof shells)[number], options: unknown, command: Command) => {
      const { completionScript } = await import('./completion-script.ts');
      await act(async () => {
        process.stdout.write(completionScript(shell, program));
        return 0;
      })(options, command);
    });
}

const afterHelp = `
Examples:
  source <(mini-claude-bot completion bash)                  in ~/.bashrc
  source <(mini-claude-bot completion zsh)                   in ~/.zshrc
  mini-claude-bot completion fish | source                   in ~/.config/fish/config.fish`;
