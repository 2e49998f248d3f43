import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type BenchPlace, prompt } from './bench-place.ts';
import type { Contender, Sample } from './contender.ts';

const flags = [
  ...['-p', '--continue', '--output-format', 'stream-json', '--include-partial-messages'],
  ...['--verbose', '--permission-mode', 'bypassPermissions'],
];

/** A new `claude -p --continue` for each message, as the old system answers; `chats` of them at once. */
export async function coldCli(
  place: BenchPlace,
  id: string,
  label: string,
  chats: number,
): Promise<Contender> {
  const directories = await Promise.all(Array.from({ length: chats }, () => place.directory()));
  // Something to continue: the first call begins the conversation.
  for (const directory of directories) await runCli(place, directory);
  return {
    id,
    label,
    perRound: 1,
    sample: () => Promise.all(directories.map((directory) => runCli(place, directory))),
  };
}

/** @throws when it ends without having said anything */
async function runCli({ claude }: BenchPlace, directory: string): Promise<Sample> {
  const sentAt = performance.now();
  const child = spawn(claude.executable, [...flags, prompt], {
    cwd: directory,
    env: claude.environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let firstMs: number | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes('"text_delta"')) firstMs ??= performance.now() - sentAt;
  }
  await exited;
  if (firstMs === undefined) throw new Error(`claude -p said nothing (code ${child.exitCode})`);
  return { firstMs, wholeMs: performance.now() - sentAt };
}
