import { type BenchPlace, prompt } from './bench-place.ts';
import type { Contender } from './contender.ts';
import type { SdkSession } from './sdk-session.ts';

/** Sessions on the SDK alone that are kept between turns; one message to each at once. */
export async function sdkWarm(
  place: BenchPlace,
  id: string,
  label: string,
  chats: number,
): Promise<Contender & { close(): Promise<void> }> {
  const sessions: SdkSession[] = [];
  for (let n = 0; n < chats; n += 1) {
    const session = await place.session();
    sessions.push(session);
    await session.turn(prompt);
  }
  return {
    id,
    label,
    perRound: chats > 1 ? 3 : 5,
    sample: () => Promise.all(sessions.map((session) => session.turn(prompt))),
    close: async () => void (await Promise.all(sessions.map((session) => session.close()))),
  };
}

/** A session on the SDK alone, made for one message. */
export function sdkCold(place: BenchPlace): Contender {
  let directory = '';
  let session: SdkSession | undefined;
  return {
    id: 'sdk-cold',
    label: 'SDK alone, new session',
    perRound: 1,
    prepare: async () => {
      directory = await place.directory();
    },
    sample: async () => {
      const sentAt = performance.now();
      session = await place.session(directory);
      const startMs = performance.now() - sentAt;
      const { firstMs = 0, wholeMs } = await session.turn(prompt);
      return [{ firstMs: startMs + firstMs, wholeMs: startMs + wholeMs }];
    },
    cleanUp: async () => session?.close(),
  };
}
