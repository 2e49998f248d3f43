import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import type { FakeAnthropic, RecordedRequest } from '@mini-claude-bot/fake-anthropic';
import { type ClientsParts, playInterruption, playMessage } from './clients.ts';
import type {
  GatewayStart,
  LeftProcess,
  ModelRequest,
  ObservedMessage,
  RoundEvidence,
  Stored,
} from './evidence.ts';
import {
  databaseOf,
  type GatewayUnderTest,
  generationHeader,
  type Site,
  startGateway,
} from './gateway-under-test.ts';
import { markedProcessesOf, processesBefore } from './left-processes.ts';
import { Moments } from './moments.ts';
import { readDatabase } from './read-database.ts';
import { nameOf, probeOf, type RoundPlan, toolFile } from './workload.ts';

const quietWithinMs = 30_000;
const stopWithinMs = 20_000;

/** Where rounds are played: the files and the model that all of them share. */
export interface Stage {
  readonly site: Site;
  readonly fake: FakeAnthropic;
  /** How often the gateway was started so far. */
  generation: number;
}

/** One round: work, a death at a moment of chance, a new start, and the clients' second tries. */
export class Round {
  readonly #plan: RoundPlan;
  readonly #stage: Stage;
  readonly #moments = new Moments();
  readonly #over = new AbortController();
  readonly #starts: GatewayStart[] = [];
  readonly #left: LeftProcess[] = [];
  readonly #deaths: Stored[] = [];
  readonly #stuck: string[] = [];
  #gateway: GatewayUnderTest | undefined;

  constructor(plan: RoundPlan, stage: Stage) {
    this.#plan = plan;
    this.#stage = stage;
  }

  /** @throws when the gateway does not start */
  async play(): Promise<RoundEvidence> {
    const { fake } = this.#stage;
    const firstRequest = fake.requests.at(-1)?.number ?? 0;
    this.#watchModel();
    try {
      const { messages, interruptions } = await this.#work();
      await this.#quiet('after the restart');
      const probes = await this.#probe();
      await this.#quiet('after a message to each chat');
      await this.#end();
      return {
        plan: this.#plan,
        chats: this.#plan.chats,
        messages: [...messages, ...probes],
        interruptions,
        requests: fake.requests
          .filter(({ number }) => number > firstRequest)
          .flatMap(asModelRequest),
        toolRuns: this.#toolRuns(),
        starts: this.#starts,
        left: this.#left,
        deaths: this.#deaths,
        stored: readDatabase(databaseOf(this.#stage.site)),
        stuck: this.#stuck,
      };
    } finally {
      this.#over.abort();
      await this.#gateway?.kill();
    }
  }

  async #work() {
    const { messages, interruptions } = this.#plan;
    await this.#start();
    const parts = this.#clients;
    const working = messages.map(async (planned) => {
      await sleep(planned.startMs);
      return playMessage(planned, parts);
    });
    const interrupting = interruptions.map(async (planned) => {
      await sleep(planned.startMs);
      return playInterruption(planned, parts);
    });
    const done = Promise.all(working);
    await Promise.race([this.#killMoment(), done]);
    await this.#die();
    for (const afterMs of this.#plan.startUpKills) {
      this.#gateway = startGateway(this.#stage.site, this.#nextGeneration());
      await sleep(afterMs);
      await this.#die();
    }
    await this.#start();
    return { messages: await done, interruptions: await Promise.all(interrupting) };
  }

  get #url(): string {
    return `http://127.0.0.1:${this.#stage.site.port}`;
  }

  get #clients(): ClientsParts {
    return { url: this.#url, moments: this.#moments, over: this.#over.signal };
  }

  #nextGeneration(): number {
    this.#stage.generation += 1;
    return this.#stage.generation;
  }

  async #start(): Promise<void> {
    const { site } = this.#stage;
    const gateway = startGateway(site, this.#nextGeneration());
    this.#gateway = gateway;
    await gateway.ready;
    const { generation } = gateway;
    this.#starts.push({ generation, readyAt: performance.now() });
    this.#left.push(
      ...(await processesBefore(site.home, generation, `once start ${generation} served`)),
    );
  }

  async #die(): Promise<void> {
    await this.#gateway?.kill();
    this.#deaths.push(readDatabase(databaseOf(this.#stage.site)));
  }

  async #killMoment(): Promise<void> {
    const { kill } = this.#plan;
    if (kill.kind === 'time') return sleep(kill.afterMs);
    await this.#moments.when(kill.message, kill.phase);
    await sleep(kill.plusMs);
  }

  /** Note how far the model has come with each message. */
  #watchModel(): void {
    setMaxListeners(0, this.#over.signal);
    const { fake } = this.#stage;
    for (const { id, text } of this.#plan.messages) {
      const lastStep = text.split('[[/]]').length - 1;
      const note = (phase: 'asked' | 'streaming' | 'answered', ...states: string[]) =>
        void fake
          .waitForRequest(
            ({ conversation, state }) =>
              conversation?.prompt === text &&
              states.includes(state) &&
              (phase !== 'answered' || conversation.step === lastStep),
            this.#over.signal,
          )
          .then(() => this.#moments.note(id, phase))
          // The round is over before it came to that.
          .catch(() => {});
      note('asked', 'received', 'streaming', 'hanging', 'answered', 'cut', 'gone');
      note('streaming', 'streaming', 'answered');
      note('answered', 'answered');
    }
  }

  async #quiet(when: string): Promise<void> {
    const client = createClient({ baseUrl: this.#url });
    const until = performance.now() + quietWithinMs;
    for (const { botId, chatId } of this.#plan.chats) {
      for (;;) {
        const status = await client.call(operations.queueStatus, {
          bot_id: botId,
          chat_id: chatId,
        });
        if (!status.busy && status.slots_used === 0 && status.queue_length === 0) break;
        if (performance.now() > until) {
          this.#stuck.push(`${when}, ${nameOf({ botId, chatId })}: ${JSON.stringify(status)}`);
          break;
        }
        await sleep(20);
      }
    }
  }

  #probe(): Promise<ObservedMessage[]> {
    const { round, chats } = this.#plan;
    return Promise.all(chats.map((chat, n) => playMessage(probeOf(round, n, chat), this.#clients)));
  }

  async #end(): Promise<void> {
    const { site } = this.#stage;
    if (this.#plan.end === 'kill') return this.#gateway?.kill();
    this.#gateway?.child.kill('SIGTERM');
    const ended = await Promise.race([
      this.#gateway?.exited,
      sleep(stopWithinMs, undefined, { ref: false }),
    ]);
    if (ended === undefined)
      this.#stuck.push(`asked to stop, it had not ended after ${stopWithinMs} ms`);
    else if (ended.code !== 0)
      this.#stuck.push(`asked to stop, it ended with ${ended.code ?? ended.signal}`);
    for (const process of await markedProcessesOf(site.home)) {
      this.#left.push({ ...process, when: 'after a stop in good order' });
    }
  }

  #toolRuns(): Map<string, number> {
    const runs = new Map<string, number>();
    for (const { id } of this.#plan.messages) {
      const lines = linesOf(join(this.#stage.site.home, toolFile(id)));
      if (lines > 0) runs.set(id, lines);
    }
    return runs;
  }
}

function linesOf(file: string): number {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').length;
  } catch {
    return 0;
  }
}

function asModelRequest(request: RecordedRequest): ModelRequest[] {
  const { conversation, headers, receivedAt } = request;
  if (conversation === undefined) return [];
  const { prompt, earlierPrompts } = conversation;
  const generation = Number(headers[generationHeader] ?? Number.NaN);
  return [{ generation, prompt, earlierPrompts, receivedAt: receivedAt.monotonicMs }];
}
