import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Call, refusalBody, type Script } from './answer.ts';
import { Chats, Refusal } from './chats.ts';
import type { Message } from './message.ts';
import { perform } from './methods.ts';
import { readFields } from './read-call.ts';

export interface FakeTelegramOptions {
  /** 0, the default, takes a free port. */
  readonly port?: number;
  /** Tokens of bots that there are; unset: whatever has the form of a token. */
  readonly tokens?: readonly string[];
  readonly script?: Script;
}

export interface FakeTelegram {
  /** For `TELEGRAM_API_ROOT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** What was asked, in its order: a live view. */
  readonly calls: readonly Call[];
  /** What stands in all chats, in the order in which it came: a live view. */
  readonly messages: readonly Message[];
  /** Texts and captions in one chat, in their order. */
  textsIn(chatId: string | number): string[];
  /** Answer the next call that fits differently; after the script, and once. */
  answerNext(answer: Answer, fits?: (call: Call) => boolean): void;
  /** Answer calls from now on by another script; undefined: as Telegram would. */
  follow(script: Script | undefined): void;
  /** Resolves as soon as what is asked holds: looked at after each call, and now. */
  waitUntil(holds: () => boolean, signal?: AbortSignal): Promise<void>;
  /** Sever every connection and stop listening. */
  close(): Promise<void>;
}

/**
 * Start a stand-in for the Telegram Bot API on loopback.
 * @throws the listen error, for instance if the port is taken
 */
export async function startFakeTelegram(options: FakeTelegramOptions = {}): Promise<FakeTelegram> {
  const fake = new Endpoint(options);
  const server = createServer((request, response) => void fake.handle(request, response));
  const { port } = await listen(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    calls: fake.calls,
    messages: fake.chats.messages,
    textsIn: (chatId) =>
      fake.chats.messages.filter((m) => m.chatId === String(chatId)).map(({ text }) => text),
    answerNext: (answer, fits = () => true) => void fake.planned.push({ answer, fits }),
    follow: (script) => {
      fake.script = script;
    },
    waitUntil: (holds, signal) => fake.waitUntil(holds, signal),
    close: () => stop(server),
  };
}

const tokenForm = /^\d+:[\w-]+$/;

class Endpoint {
  readonly calls: Call[] = [];
  readonly chats = new Chats();
  readonly planned: { answer: Answer; fits: (call: Call) => boolean }[] = [];
  script: Script | undefined;
  readonly #tokens: readonly string[] | undefined;
  readonly #waiting = new Set<() => void>();

  constructor({ tokens, script }: FakeTelegramOptions) {
    this.#tokens = tokens;
    this.script = script;
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#answer(request, response);
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 400;
      const description = error instanceof Error ? error.message : String(error);
      send(response, status, refusalBody({ kind: 'refuse', status, description }));
    } finally {
      for (const look of [...this.#waiting]) look();
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token = '', method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
    const fields = await readFields(request);
    // The real server knows no such address where there is no such bot.
    if (!tokenForm.test(token)) throw new Refusal('Not Found', 404);
    if (this.#tokens?.includes(token) === false) throw new Refusal('Unauthorized', 401);
    const call = this.#note(token, method, fields);
    const answer = this.script?.(call) ?? this.#nextPlanned(call);
    if (answer?.kind === 'hang') return;
    if (answer?.kind === 'cut') return void response.destroy();
    if (answer?.kind === 'refuse') return send(response, answer.status, refusalBody(answer));
    if (answer?.kind === 'garbage') return sendPage(response, answer.status);
    const result = perform(method, fields, token, this.chats);
    if (answer?.kind === 'late') await sleep(answer.ms);
    if (answer?.kind !== 'lost') return send(response, 200, { ok: true, result });
    if (answer.by === 'cut') response.destroy();
  }

  #note(token: string, method: string, fields: Record<string, unknown>): Call {
    const textOf = (name: string): string => String(fields[name] ?? '');
    const call = {
      number: this.calls.length + 1,
      token,
      method,
      chatId: textOf('chat_id'),
      text: textOf('text') || textOf('caption'),
      fields,
    };
    this.calls.push(call);
    return call;
  }

  #nextPlanned(call: Call): Answer | undefined {
    const index = this.planned.findIndex(({ fits }) => fits(call));
    return index === -1 ? undefined : this.planned.splice(index, 1)[0]?.answer;
  }

  async waitUntil(holds: () => boolean, signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      signal?.addEventListener('abort', () => {
        this.#waiting.delete(look);
        reject(signal.reason);
      });
      look();
    });
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendPage(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>');
}

async function listen(server: Server, port: number): Promise<AddressInfo> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return address;
}

async function stop(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
