import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import { prompt } from './bench-place.ts';
import type { Contender, Sample } from './contender.ts';
import { GatewayChat, type Way } from './gateway-chat.ts';

interface Naming {
  readonly id: string;
  readonly label: string;
  readonly way: Way;
}

const newChats = (url: string, count: number): GatewayChat[] =>
  Array.from({ length: count }, () => new GatewayChat(url, randomUUID()));

const askAll = (chats: readonly GatewayChat[], way: Way): Promise<Sample[]> =>
  Promise.all(chats.map((chat) => chat.ask(way)));

/** The first message of chats that nobody has heard of. Whether a spare is ready is the gateway's doing. */
export function newChat(url: string, naming: Naming, count: number): Contender {
  let chats: GatewayChat[] = [];
  return {
    ...naming,
    perRound: 1,
    sample: () => {
      chats = newChats(url, count);
      return askAll(chats, naming.way);
    },
    cleanUp: async () => void (await Promise.all(chats.map((chat) => chat.stop()))),
  };
}

/** Chats whose processes are alive. */
export async function warmChat(url: string, naming: Naming, count: number): Promise<Contender> {
  const chats = newChats(url, count);
  for (const chat of chats) await chat.stream(prompt);
  return { ...naming, perRound: count > 1 ? 3 : 5, sample: () => askAll(chats, naming.way) };
}

/** A chat whose process was closed because it was idle. The gateway's idle time must be 1 s. */
export async function reapedChat(url: string, naming: Naming): Promise<Contender> {
  const chat = new GatewayChat(url, randomUUID());
  await chat.stream(prompt);
  return {
    ...naming,
    perRound: 1,
    prepare: async () => {
      await sleep(1_050);
      await reap(url, chat.id);
    },
    sample: async () => [await chat.ask(naming.way)],
  };
}

/** Which of them is closed by this request, and which by the gateway's own rounds, is all the same. */
async function reap(url: string, chat: string): Promise<void> {
  const client = createClient({ baseUrl: url });
  await client.call(operations.reapSessions, {});
  const sessions = await client.call(operations.listSessions, {});
  const state = sessions.find(({ chat_id }) => chat_id === chat)?.state;
  if (state !== 'cold') throw new Error(`the idle chat is ${state}, not cold`);
}
