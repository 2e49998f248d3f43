/** Where Claude Code keeps an entry: for its user, for one project's users, or for this user there. */
export const scopes = ['user', 'project', 'local'] as const;
export type InstallScope = (typeof scopes)[number];

/** An entry of Claude Code's configuration. */
export interface Entry {
  readonly name: string;
  readonly scope: InstallScope;
  /** Program and words that start the server. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Words for `claude` that write the entry. */
export const addWords = ({ name, scope, command, environment }: Entry): string[] => [
  'mcp',
  'add',
  '--scope',
  scope,
  name,
  ...Object.entries(environment).flatMap(([variable, value]) => ['-e', `${variable}=${value}`]),
  '--',
  ...command,
];

/** Words for `claude` that take it out again. */
export const removeWords = ({ name, scope }: Pick<Entry, 'name' | 'scope'>): string[] => [
  'mcp',
  'remove',
  '--scope',
  scope,
  name,
];

/** A command as it could be typed into a shell. */
export const shellLine = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
