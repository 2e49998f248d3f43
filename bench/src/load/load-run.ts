import { setMaxListeners } from 'node:events';
import { createClient } from '@mini-claude-bot/client';
import type { GatewayProcess } from '../gateway-process.ts';
import type { ChatEvidence } from './checks.ts';
import type { GatewayProbe } from './gateway-probe.ts';
import { messagesOf, type PlannedChat } from './plan.ts';
import { readBack } from './read-back.ts';
import { type Heard, playChats } from './traffic.ts';
import { type Quarter, Watch } from './watch.ts';

/** With no turn ending for so long, what is still awaited never comes. */
const stalledAfterMs = 120_000;
const lookAgainMs = 1_000;

/** What a run brought to light. */
export interface LoadRun {
  readonly chats: readonly ChatEvidence[];
  readonly quarters: readonly Quarter[];
  /** From the first message to the last answer. */
  readonly seconds: number;
}

/** How much is asked for. */
export interface Load {
  readonly chats: readonly PlannedChat[];
  /** How many of them have something to be answered at a time; see `playChats`. */
  readonly atWork: number;
}

/** From the first message until the last reader is done; then what is stored of it. */
export async function runLoad(
  load: Load,
  gateway: GatewayProcess,
  probe: GatewayProbe,
  say: (line: string) => void,
): Promise<LoadRun> {
  const turns = load.chats.flatMap(messagesOf).length;
  const watch = new Watch(gateway.pid, probe, turns, say);
  await watch.start();
  const since = performance.now();
  const heard = await play(load, gateway.url, watch, say);
  const seconds = (performance.now() - since) / 1000;
  await watch.stop();
  const client = createClient({ baseUrl: gateway.url });
  const chats: ChatEvidence[] = [];
  for (const planned of load.chats) {
    const ofChat = heard.filter(({ message }) => message.chat === planned.id);
    chats.push({ planned, heard: ofChat, stored: await readBack(planned, client) });
  }
  return { chats, quarters: watch.quarters, seconds };
}

async function play(
  { chats, atWork }: Load,
  url: string,
  watch: Watch,
  say: (line: string) => void,
): Promise<Heard[]> {
  const turns = chats.flatMap(messagesOf).length;
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  const parts = { url, client: createClient({ baseUrl: url }), over: over.signal };
  const stalled = setInterval(() => {
    if (performance.now() - watch.lastEndAt > stalledAfterMs) over.abort();
  }, lookAgainMs);
  const heard: Heard[] = [];
  const onHeard = (one: Heard): void => {
    heard.push(one);
    watch.turnEnded();
    if (heard.length % Math.ceil(turns / 20) === 0) say(`  ${heard.length} of ${turns} turns`);
  };
  try {
    await playChats(chats, atWork, parts, onHeard);
    return heard;
  } finally {
    clearInterval(stalled);
  }
}
