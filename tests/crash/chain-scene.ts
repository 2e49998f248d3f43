import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import {
  bash,
  createMarkerScript,
  type FakeAnthropic,
  reply,
  type Script,
  text,
} from '@mini-claude-bot/fake-anthropic';
import type { FakeTelegram } from '@mini-claude-bot/fake-telegram';
import { addDelivery } from '../support/add-delivery.ts';
import { type GatewayProcess, spawnGateway } from '../support/gateway-process.ts';
import { testEnvironment } from '../support/test-gateway.ts';
import type { Random } from './random.ts';

export const batches = 10;
const otherChats = 4;
const deliveriesOfEach = 10;
const botToken = '7:secret';
const worker = fileURLToPath(new URL('../support/step-worker.mjs', import.meta.url));

/** Does the batch that the prompt names; asked a second time after a death, it looks first, as it is told to. */
export const batchModel: Script = createMarkerScript(({ conversation }) => {
  const { prompt, step, lastToolResult } = conversation;
  const number = /\(Step (\d+)\.\)/.exec(prompt)?.[1];
  if (number === undefined) return reply(text('There is nothing to do.'));
  return step === 0
    ? reply(bash(`"${process.execPath}" "${worker}" ${number}`))
    : reply(text(`I did it.\n\n${lastToolResult ?? ''}`));
});

/** What all scenes share: what a death damages is there for the next ones. */
export interface Stage {
  readonly home: string;
  readonly fake: FakeAnthropic;
  readonly telegram: FakeTelegram;
}

/**
 * When the gateway is killed: so long after its start, or after it serves; or after so many requests of the
 * chain's have reached the model, or so many calls about its chat have reached Telegram.
 */
type Moment =
  | { readonly kind: 'start' | 'time'; readonly afterMs: number }
  | { readonly kind: 'asked' | 'told'; readonly count: number; readonly plusMs: number };

const momentOf = (random: Random): Moment => {
  const kind = random.pick(['start', 'time', 'asked', 'asked', 'asked', 'told', 'told'] as const);
  if (kind === 'start') return { kind, afterMs: random.whole(0, 500) };
  if (kind === 'time') return { kind, afterMs: random.whole(0, 2_000) };
  const plusMs = random.whole(0, kind === 'asked' ? 200 : 40);
  return { kind, count: random.whole(1, kind === 'asked' ? 8 : 4), plusMs };
};

/**
 * A chain of ten batches in one chat, and forty deliveries for four others, over some lives of the gateway
 * that are each ended with SIGKILL, and a last one that is not.
 */
export class ChainScene {
  readonly #stage: Stage;
  readonly #chat: string;
  readonly #diedAfter: number[] = [];
  readonly #others: readonly { readonly chat: string; readonly texts: readonly string[] }[];

  /** @param number tells scenes on the same stage apart */
  constructor(stage: Stage, number: number) {
    this.#stage = stage;
    this.#chat = `${number}00`;
    this.#others = Array.from({ length: otherChats }, (_, n) => ({
      chat: `${number}0${n + 1}`,
      texts: Array.from({ length: deliveriesOfEach }, (_, place) => `result ${place}`),
    }));
  }

  /** Batches that were done at each death. */
  get diedAfter(): readonly number[] {
    return this.#diedAfter;
  }

  /** @returns what is wrong afterwards */
  async play(kills: number, random: Random): Promise<string[]> {
    await this.#prepare();
    for (let life = 0; life < kills; life += 1) {
      const gateway = this.#spawn();
      try {
        await this.#live(gateway, momentOf(random));
      } finally {
        gateway.child.kill('SIGKILL');
        await gateway.exited;
      }
      this.#diedAfter.push(this.#tasks().filter(({ runs }) => runs !== undefined).length);
    }
    const last = this.#spawn();
    try {
      const url = await last.url;
      await this.#start(url);
      await this.#settled(url);
      return await this.#faults(url);
    } finally {
      last.child.kill('SIGTERM');
      await last.exited;
    }
  }

  async #prepare(): Promise<void> {
    const harness = join(this.#directory, '.harness');
    mkdirSync(harness, { recursive: true });
    const tasks = Array.from({ length: batches }, (_, n) => ({ id: `t${n}`, status: 'pending' }));
    writeFileSync(join(harness, 'tasks.json'), JSON.stringify({ project_name: 'tea', tasks }));
    for (const { chat, texts } of this.#others)
      for (const each of texts) addDelivery(this.#stage.home, { chatId: chat, text: each });
  }

  /** Until the moment has come, or the gateway has nothing more to do. */
  async #live(gateway: GatewayProcess, moment: Moment): Promise<void> {
    const over = new AbortController();
    const dies = this.#comes(moment, gateway, over.signal);
    const works = gateway.url.then(async (url) => {
      await this.#start(url);
      await this.#settled(url, over.signal);
    });
    try {
      await Promise.race([dies, works]);
    } finally {
      over.abort();
      // What it was asked when it died is not answered.
      works.catch(() => {});
      dies.catch(() => {});
    }
  }

  async #comes(moment: Moment, gateway: GatewayProcess, signal: AbortSignal): Promise<void> {
    if ('afterMs' in moment) {
      if (moment.kind === 'time') await gateway.url;
      return sleep(moment.afterMs, undefined, { signal });
    }
    const { fake, telegram } = this.#stage;
    if (moment.kind === 'told') {
      const told = () => telegram.calls.filter(({ chatId }) => chatId === this.#chat).length;
      const enough = told() + moment.count;
      await telegram.waitUntil(() => told() >= enough, signal);
    } else {
      let left = moment.count;
      const seen = fake.requests.at(-1)?.number ?? 0;
      await fake.waitForRequest(({ number, state }) => {
        if (number > seen && state === 'received') left -= 1;
        return left === 0;
      }, signal);
    }
    await sleep(moment.plusMs, undefined, { signal });
  }

  /** As a bot does that has no answer yet: it asks again, and is told when there is a task already. */
  async #start(url: string): Promise<void> {
    const client = createClient({ baseUrl: url });
    const known = await client.call(operations.listTasks, { chat_id: this.#chat });
    if (known.length > 0) return;
    await client.call(operations.startTask, {
      chat_id: this.#chat,
      message: 'Carry out the plan. (Step 0.)',
      bot_token: botToken,
    });
  }

  async #settled(url: string, signal?: AbortSignal): Promise<void> {
    const client = createClient({ baseUrl: url });
    for (;;) {
      signal?.throwIfAborted();
      const { status } = await client.call(operations.taskStatus, { chat_id: this.#chat });
      const open = await Promise.all(
        (['queued', 'sending'] as const).map((state) =>
          client.call(operations.listDeliveries, { state, limit: 1 }),
        ),
      );
      if (status !== 'running' && open.flat().length === 0) return;
      await sleep(25, undefined, { signal });
    }
  }

  async #faults(url: string): Promise<string[]> {
    return [
      ...this.#faultsOfWork(),
      ...(await this.#faultsOfSteps(url)),
      ...(await this.#faultsOfTelling(url)),
    ].map((what) => `chat ${this.#chat}: ${what}`);
  }

  #tasks(): { readonly id: string; readonly runs?: number }[] {
    const file = readFileSync(join(this.#directory, '.harness', 'tasks.json'), 'utf8');
    return (JSON.parse(file) as { tasks: { id: string; runs?: number }[] }).tasks;
  }

  #faultsOfWork(): string[] {
    return this.#tasks()
      .filter(({ runs }) => runs !== 1)
      .map(({ id, runs = 0 }) => `the batch ${id} was done ${runs} times`);
  }

  async #faultsOfSteps(url: string): Promise<string[]> {
    const client = createClient({ baseUrl: url });
    const tasks = await client.call(operations.listTasks, { chat_id: this.#chat });
    const [task] = tasks;
    if (task === undefined || tasks.length > 1) return [`there are ${tasks.length} tasks`];
    const { steps } = await client.call(operations.getTask, { task_id: task.id });
    const turns = await client.call(operations.listTurns, { chat_id: this.#chat, limit: 500 });
    const found = {
      state: task.state,
      steps: steps.map(({ number, kind, state, turn_state }) => [number, kind, state, turn_state]),
      turns: turns.map(({ id }) => id).toReversed(),
    };
    const expected = {
      state: 'completed',
      steps: Array.from({ length: batches }, (_, n) => [
        ...[n, n === 0 ? 'message' : 'batch', 'ended', 'completed'],
      ]),
      turns: steps.map(({ turn_id }) => turn_id),
    };
    const differ = JSON.stringify(found) !== JSON.stringify(expected);
    return differ ? [`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`] : [];
  }

  async #faultsOfTelling(url: string): Promise<string[]> {
    const told = Array.from({ length: batches }, (_, n) =>
      n + 1 === batches
        ? `tea: Complete: all ${batches} tasks are done.\n\nI did it.`
        : `tea: Batch done (phase all): ${n + 1} of ${batches} tasks. The next one follows.`,
    );
    const all = [{ chat: this.#chat, texts: told }, ...this.#others];
    const faults = await Promise.all(all.map(({ chat, texts }) => this.#told(url, chat, texts)));
    return faults.flat();
  }

  /** Each once and in order; twice only where its row says that it may be. */
  async #told(url: string, chat: string, texts: readonly string[]): Promise<string[]> {
    const client = createClient({ baseUrl: url });
    const rows = await client.call(operations.listDeliveries, { chat_id: chat, limit: 500 });
    const mayBeDouble = rows.toReversed().map(({ maybe_duplicate }) => maybe_duplicate);
    // A machine that is slow tells how far a task is, too; of that nothing is promised over a death.
    const got = this.#stage.telegram
      .textsIn(chat)
      .filter((text) => !text.startsWith('Working in the background'));
    const faults = rows
      .filter(({ state }) => state !== 'delivered')
      .map(({ id, state }) => `delivery ${id} in chat ${chat} is ${state}`);
    if (rows.length !== texts.length) faults.push(`${rows.length} deliveries in chat ${chat}`);
    let at = 0;
    for (const [n, each] of texts.entries()) {
      const from = at;
      while (got[at] === each) at += 1;
      const times = at - from;
      if (times === 0 || (times > 1 && mayBeDouble[n] !== true))
        faults.push(`${JSON.stringify(each)} came ${times} times in chat ${chat}`);
    }
    if (at !== got.length) faults.push(`out of order in chat ${chat}: ${JSON.stringify(got)}`);
    return faults;
  }

  get #directory(): string {
    return join(this.#stage.home, 'sessions', 'default', this.#chat);
  }

  #spawn(): GatewayProcess {
    const { home, fake, telegram } = this.#stage;
    const environment = {
      ...testEnvironment(home, fake.url),
      TELEGRAM_API_ROOT: telegram.url,
      TELEGRAM_BOT_TOKEN: botToken,
      GATEWAY_MIN_FREE_MB: '0',
    };
    return spawnGateway(environment, home);
  }
}
