import type { BenchPlace } from './bench-place.ts';
import { coldCli } from './cold-cli.ts';
import { directApi } from './direct-api.ts';
import { newChat, reapedChat, warmChat } from './gateway-turns.ts';
import { race, type Samples } from './race.ts';
import { sdkCold, sdkWarm } from './sdk.ts';

/** One message at a time, by every way there is. */
export async function oneChat(
  place: BenchPlace,
  rounds: number,
  say: (line: string) => void,
): Promise<Samples> {
  const plain = await place.gateway();
  const sparing = await place.gateway({ CLAUDE_SPARE_PROCESSES: '1' });
  const reaping = await place.gateway({ GATEWAY_SESSION_TIMEOUT: '1' });
  const sdk = await sdkWarm(place, 'sdk-warm', 'SDK alone, warm', 1);
  const streamed = 'streamed' as const;
  const blocking = 'blocking' as const;
  const contenders = [
    directApi(place.fake),
    await coldCli(place, 'cli-cold', 'claude -p --continue', 1),
    sdk,
    sdkCold(place),
    await warmChat(plain.url, { id: 'warm', label: 'gateway, warm', way: streamed }, 1),
    await warmChat(plain.url, { id: 'warm-send', label: 'gateway, warm, /send', way: blocking }, 1),
    newChat(plain.url, { id: 'new', label: 'gateway, new chat', way: streamed }, 1),
    newChat(plain.url, { id: 'new-send', label: 'gateway, new chat, /send', way: blocking }, 1),
    newChat(sparing.url, { id: 'spare', label: 'gateway, new chat, spare', way: streamed }, 1),
    await reapedChat(reaping.url, { id: 'reaped', label: 'gateway, reaped chat', way: streamed }),
  ];
  try {
    return await race(contenders, rounds, say);
  } finally {
    await sdk.close();
    await Promise.all([plain.stop(), sparing.stop(), reaping.stop()]);
  }
}
