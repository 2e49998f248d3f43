import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';

const connections = 16;

/** A request that is made over and over. */
export interface Load {
  readonly url: string;
  /** POSTed as JSON; a GET without it. */
  readonly body?: unknown;
}

/**
 * Requests a second with 16 connections, the mean over some seconds. The client is a process of its own,
 * on the same cores.
 * @throws when any request fails
 */
export async function requestsPerSecond({ url, body }: Load, seconds: number): Promise<number> {
  const client = createRequire(import.meta.url).resolve('autocannon');
  const post = ['-m', 'POST', '-H', 'content-type=application/json', '-b', JSON.stringify(body)];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[client, '--json', '--no-progress', '-c', String(connections), '-d', String(seconds)],
    ...(body === undefined ? [] : post),
    url,
  ]);
  const figures: unknown = JSON.parse(stdout);
  const number = (name: string): number => numberIn(figures, name);
  const failed = number('non2xx') + number('errors') + number('timeouts');
  if (failed > 0) throw new Error(`${failed} requests of ${url} failed`);
  return number('2xx') / number('duration');
}

function numberIn(figures: unknown, name: string): number {
  const value: unknown =
    typeof figures === 'object' && figures !== null
      ? new Map<string, unknown>(Object.entries(figures)).get(name)
      : undefined;
  if (typeof value === 'number') return value;
  throw new Error(`autocannon told no ${name}`);
}
