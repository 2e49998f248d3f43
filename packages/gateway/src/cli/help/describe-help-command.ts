import type { Command } from 'commander';

/** Add `help` to the program, which finds commands below commands too: `help cron add`. */
export function describeHelpCommand(program: Command): void {
  program
    .command('help')
    .description('print the help of a command')
    .argument('[command...]', 'its words, such as: cron add')
    .action((words: string[]) => {
      let command = program;
      for (const word of words) {
        const inner = command.commands.find((each) => each.name() === word);
        if (inner === undefined) program.error(`error: unknown command '${words.join(' ')}'`);
        else command = inner;
      }
      command.outputHelp();
    });
}
