import { gatewayProgram } from '../gateway-program.ts';
import { describeMachine } from '../machine.ts';
import type { SuiteOptions } from '../main.ts';
import type { Result } from '../result.ts';
import { type BenchPlace, openBenchPlace } from './bench-place.ts';
import { deliveries } from './deliveries.ts';
import { eightChats } from './eight-chats.ts';
import { type Figures, measurementsOf } from './figures.ts';
import { goalsOf } from './goals.ts';
import { loads } from './loads.ts';
import { oneChat } from './one-chat.ts';
import { serverFigures } from './server-figures.ts';

/** How much is measured. */
interface Amount {
  readonly rounds: number;
  readonly eight: { readonly warm: number; readonly cold: number };
  readonly deliveries: number;
  readonly starts: number;
  /** How many of the starts are followed until the memory has settled. */
  readonly settled: number;
  readonly loads: number;
  readonly loadSeconds: number;
}

const full: Amount = {
  rounds: 20,
  eight: { warm: 5, cold: 3 },
  deliveries: 40,
  starts: 9,
  settled: 3,
  loads: 3,
  loadSeconds: 3,
};

const small: Amount = {
  rounds: 1,
  eight: { warm: 1, cold: 1 },
  deliveries: 1,
  starts: 2,
  settled: 1,
  loads: 1,
  loadSeconds: 1,
};

/** The main job: messages to Claude and their answers. */
export async function turns({ quick, gateway, say }: SuiteOptions): Promise<Result> {
  const startedAt = new Date();
  const place = await openBenchPlace(await gatewayProgram(gateway));
  const machine = describeMachine(place.claudeVersion);
  try {
    const figures = await measure(place, quick ? small : full, say);
    const measurements = measurementsOf(figures);
    return {
      suite: 'turns',
      quick,
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      machine,
      measurements,
      goals: goalsOf(measurements, figures.deliveries.gateway),
    };
  } finally {
    await place.close();
  }
}

async function measure(
  place: BenchPlace,
  amount: Amount,
  say: (line: string) => void,
): Promise<Figures> {
  say('start and idle memory');
  const server = await serverFigures(place, amount.starts, amount.settled);
  say('one chat');
  const one = await oneChat(place, amount.rounds, say);
  say('8 chats at once');
  const eight = await eightChats(place, amount.eight, say);
  say('delivery of 400 words');
  const delivered = await deliveries(place, amount.deliveries, 4);
  say('requests a second');
  const load = await loads(place, amount.loads, amount.loadSeconds);
  return { one, eight, deliveries: delivered, server, loads: load };
}
