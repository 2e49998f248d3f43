import { untilQuiet } from '../process-figures.ts';
import type { BenchPlace } from './bench-place.ts';
import { type Load, requestsPerSecond } from './throughput.ts';

/** Requests a second, a figure for each time that it was measured. */
export interface Loads {
  readonly health: readonly number[];
  readonly messages: readonly number[];
}

const message = {
  session_id: 'bench',
  role: 'user',
  content: 'A message of the usual length: someone asks the bot to look something up, in one line.',
};

export async function loads(place: BenchPlace, times: number, seconds: number): Promise<Loads> {
  const gateway = await place.gateway();
  const health: Load = { url: `${gateway.url}/api/health` };
  const messages: Load = { url: `${gateway.url}/api/chat/messages`, body: message };
  const figures = { health: [] as number[], messages: [] as number[] };
  try {
    // The first second of a new process goes to compiling it.
    await requestsPerSecond(health, 1);
    await requestsPerSecond(messages, 1);
    for (let n = 0; n < times; n += 1) {
      await untilQuiet();
      figures.health.push(await requestsPerSecond(health, seconds));
      await untilQuiet();
      figures.messages.push(await requestsPerSecond(messages, seconds));
    }
    return figures;
  } finally {
    await gateway.stop();
  }
}
