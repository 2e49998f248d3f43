import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@mini-claude-bot/client';
import type { GatewayProcess } from '../../gateway-process.ts';
import type { GatewayProbe } from '../../load/gateway-probe.ts';
import type { Summary } from '../../statistics.ts';
import { prompt } from '../../turns/bench-place.ts';
import { GatewayChat } from '../../turns/gateway-chat.ts';
import { type ServerProcess, startServerProcess } from '../embedder/server-process.ts';
import { untilIndexed, vectorsWaiting } from '../until-indexed.ts';
import { insertTimes } from './insert-times.ts';

const pauseBetweenTurnsMs = 100;
/** A conversation is sent to the model whole each time: turns of a long one take longer, whatever else goes on. */
const turnsOfChat = 50;

/** What was seen of a gateway for a while: with the indexer at rest, or at work. */
export interface WhileIndexing {
  /** First text of warm turns, one after another, in milliseconds. */
  readonly turns: readonly number[];
  readonly inserts: readonly number[];
  readonly blocked: Summary;
}

/** How rows that waited for an embedding server got their vectors. */
export interface CatchUp {
  readonly rows: number;
  readonly seconds: number;
  /** Share of the time that the server was at work, 0 to 1. */
  readonly serverBusy: number;
  readonly textsARequest: number;
  readonly before: WhileIndexing;
  readonly during: WhileIndexing;
}

/** What a catching up is watched with. */
export interface CatchUpParts {
  readonly gateway: GatewayProcess;
  readonly client: Client;
  readonly probe: GatewayProbe;
  /** A copy of its database, to measure in. */
  readonly copy: string;
  readonly port: number;
  /** Turns before the outage ends. */
  readonly turns: number;
}

/**
 * Let the server come back, and watch the gateway until every row has its vector.
 * @returns the server, still running, and what was seen
 */
export async function catchUp(parts: CatchUpParts): Promise<[ServerProcess, CatchUp]> {
  const { gateway, client, probe, copy, port } = parts;
  const chats = new ShortChats(gateway.url);
  const before = await watched(probe, copy, (sample) => someTurns(chats, parts.turns, sample));
  const server = await startServerProcess('synthetic', port);
  try {
    const first = await firstText(server);
    let seconds = 0;
    const during = await watched(probe, copy, async (sample) => {
      const done = new AbortController();
      const turns = turnsUntil(chats, done.signal, sample);
      try {
        await untilIndexed(client, vectorsWaiting);
        seconds = (performance.now() - first.at) / 1000;
      } finally {
        done.abort();
        await turns;
      }
    });
    await chats.stop();
    const { texts, requests, busyMs } = await server.work();
    return [
      server,
      {
        rows: texts,
        seconds,
        serverBusy: (busyMs - first.busyMs) / (seconds * 1000),
        textsARequest: texts / requests,
        before,
        during,
      },
    ];
  } catch (error) {
    await server.stop();
    throw error;
  }
}

type Sample = (ms: number) => void;

async function watched(
  probe: GatewayProbe,
  copy: string,
  work: (sample: Sample) => Promise<void>,
): Promise<WhileIndexing> {
  const turns: number[] = [];
  await probe.ask();
  const inserting = insertTimes(copy, 300);
  await work((ms) => turns.push(ms));
  const inserts = await inserting;
  const { blocked } = await probe.ask();
  return { turns, inserts, blocked };
}

async function someTurns(chats: ShortChats, count: number, sample: Sample): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await chats.oneTurn(sample);
}

async function turnsUntil(chats: ShortChats, done: AbortSignal, sample: Sample): Promise<void> {
  while (!done.aborted) await chats.oneTurn(sample);
}

/** Warm turns of one chat after another, each of the same length. */
class ShortChats {
  readonly #url: string;
  #chat: GatewayChat | undefined;
  #turns = 0;

  constructor(url: string) {
    this.#url = url;
  }

  async oneTurn(sample: Sample): Promise<void> {
    const { firstMs } = await (await this.#warmChat()).stream(prompt);
    if (firstMs !== undefined) sample(firstMs);
    await sleep(pauseBetweenTurnsMs);
  }

  async stop(): Promise<void> {
    await this.#chat?.stop();
    this.#chat = undefined;
  }

  async #warmChat(): Promise<GatewayChat> {
    if (this.#turns % turnsOfChat === 0) await this.stop();
    this.#turns += 1;
    if (this.#chat !== undefined) return this.#chat;
    const chat = new GatewayChat(this.#url, randomUUID());
    this.#chat = chat;
    // With the first turn its process is started.
    await chat.stream(prompt);
    return chat;
  }
}

/** The gateway may wait a while before it tries again: that is not the catching up itself. */
async function firstText(server: ServerProcess): Promise<{ at: number; busyMs: number }> {
  const lookEveryMs = 20;
  for (;;) {
    const { texts, busyMs } = await server.work();
    if (texts > 0) return { at: performance.now(), busyMs };
    await sleep(lookEveryMs);
  }
}
