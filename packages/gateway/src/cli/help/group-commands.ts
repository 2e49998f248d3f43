import { type Command, Help } from 'commander';

/** Headings of the program's help, and the commands below each. One that is in none stands below `Commands:`. */
const groups: Readonly<Record<string, readonly string[]>> = {
  'Begin:': ['init', 'adopt', 'doctor', 'login', 'demo'],
  'Run and use it:': [
    'start',
    'open',
    'chat',
    'cron',
    'report',
    'outbox',
    'away',
    'metrics',
    'mcp',
  ],
  'Look after it:': ['service', 'backup', 'restore', 'token', 'audit', 'completion', 'help'],
};
const order = Object.values(groups).flat();

/** Put the program's commands below headings, in their order. */
export function groupCommands(program: Command): void {
  for (const [heading, names] of Object.entries(groups))
    for (const name of names)
      program.commands.find((command) => command.name() === name)?.helpGroup(heading);
  const usual = new Help();
  // Those in no group come last.
  const place = (command: Command): number => {
    const found = order.indexOf(command.name());
    return found < 0 ? order.length : found;
  };
  program.configureHelp({
    visibleCommands: (command) =>
      usual.visibleCommands(command).toSorted((one, other) => place(one) - place(other)),
  });
}
