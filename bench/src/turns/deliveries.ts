import { randomUUID } from 'node:crypto';
import { untilQuiet } from '../process-figures.ts';
import { type BenchPlace, prompt } from './bench-place.ts';
import { type Delivery, deliver } from './delivery.ts';
import { GatewayChat } from './gateway-chat.ts';

/** A long reply through the gateway, and through the SDK alone: the difference is ours. */
export interface Deliveries {
  readonly gateway: readonly Delivery[];
  readonly sdk: readonly Delivery[];
}

/** @param every how many deliveries of the gateway come for one of the SDK */
export async function deliveries(
  place: BenchPlace,
  count: number,
  every: number,
): Promise<Deliveries> {
  const gateway = await place.gateway();
  const chat = new GatewayChat(gateway.url, randomUUID());
  const session = await place.session();
  const results = { gateway: [] as Delivery[], sdk: [] as Delivery[] };
  try {
    await chat.stream(prompt);
    await session.turn(prompt);
    for (let n = 0; n < count; n += 1) {
      await untilQuiet();
      results.gateway.push(await deliver(place, (text, onText) => chat.stream(text, onText)));
      if (n % every !== 0) continue;
      await untilQuiet();
      results.sdk.push(await deliver(place, (text, onText) => session.turn(text, onText)));
    }
    return results;
  } finally {
    await session.close();
    await gateway.stop();
  }
}
