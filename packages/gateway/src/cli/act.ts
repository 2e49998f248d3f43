import type { Command } from 'commander';

/** Carries a command out. @returns the exit code */
export type Action = (options: unknown, given: readonly string[]) => Promise<number>;

/** Makes of an action what a command calls: its exit code becomes the program's. */
export type Act = (action: Action) => (options: unknown, command: Command) => Promise<void>;
