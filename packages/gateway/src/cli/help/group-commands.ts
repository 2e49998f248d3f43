import type { Command } from 'commander';

/** Headings of the program's help, and the commands below each. One that is in none stands below `Commands:`. */
const groups: Readonly<Record<string, readonly string[]>> = {
  'Begin:': ['init', 'adopt', 'doctor', 'login', 'demo'],
  'Run and use it:': ['start', 'chat', 'cron', 'outbox', 'metrics', 'mcp'],
  'Look after it:': ['token', 'audit', 'completion', 'help'],
};

/** Put the program's commands below headings. */
export function groupCommands(program: Command): void {
  for (const [heading, names] of Object.entries(groups))
    for (const name of names)
      program.commands.find((command) => command.name() === name)?.helpGroup(heading);
}
