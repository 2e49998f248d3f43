import type { BenchPlace } from './bench-place.ts';
import { coldCli } from './cold-cli.ts';
import { newChat, warmChat } from './gateway-turns.ts';
import { race, type Samples } from './race.ts';
import { sdkWarm } from './sdk.ts';

const chats = 8;

/** A message to each of eight chats at the same moment. */
export async function eightChats(
  place: BenchPlace,
  rounds: { readonly warm: number; readonly cold: number },
  say: (line: string) => void,
): Promise<Samples> {
  const gateway = await place.gateway({
    GATEWAY_MAX_CLAUDE_PROCESSES: String(chats),
    GATEWAY_MAX_WARM_SESSIONS: String(4 * chats),
  });
  const { url } = gateway;
  const sdk = await sdkWarm(place, 'sdk-warm-8', '8 × SDK alone, warm', chats);
  const warm = [
    sdk,
    await warmChat(url, { id: 'warm-8', label: '8 × gateway, warm', way: 'streamed' }, chats),
    await warmChat(
      url,
      { id: 'warm-send-8', label: '8 × gateway, warm, /send', way: 'blocking' },
      chats,
    ),
  ];
  const cold = [
    await coldCli(place, 'cli-cold-8', '8 × claude -p --continue', chats),
    newChat(url, { id: 'new-8', label: '8 × gateway, new chat', way: 'streamed' }, chats),
  ];
  try {
    const samples = await race(warm, rounds.warm, say);
    return new Map([...samples, ...(await race(cold, rounds.cold, say))]);
  } finally {
    await sdk.close();
    await gateway.stop();
  }
}
