import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ServerWork } from './ollama-server.ts';

/** Which vectors a server makes: of words and their meaning, or of many texts that nobody wrote. */
export type ServerKind = 'lexicon' | 'synthetic';

/** An embedding server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  work(): Promise<ServerWork>;
  stop(): Promise<void>;
}

/** @throws when it does not come to listen */
export async function startServerProcess(kind: ServerKind, port: number): Promise<ServerProcess> {
  const program = join('bench', 'src', 'search', 'embedder', 'server-program.ts');
  const child = fork(join('scripts', 'run.mjs'), [program, kind, String(port)]);
  const exited = once(child, 'exit');
  const listening = await Promise.race([
    once(child, 'message').then(() => true),
    exited.then(() => false),
  ]);
  if (!listening) throw new Error('the embedding server ended');
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    work: async () => ServerWork.parse(await (await fetch(`${url}/work`)).json()),
    stop: async () => {
      child.kill();
      await exited;
    },
  };
}
