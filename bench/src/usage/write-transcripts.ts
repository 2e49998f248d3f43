import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createRandom, type Random } from './random.ts';

/** How much is written. */
export interface TranscriptAmount {
  readonly files: number;
  /** Bytes of all of them together. */
  readonly bytes: number;
}

/** What was written, as a reading must find it. */
export interface WrittenUsage {
  readonly requests: number;
  readonly prompts: number;
  readonly outputTokens: number;
  readonly bytes: number;
}

const models = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-4-5-20251001'];
const firstMs = Date.parse('2026-01-05T08:00:00Z');
/** Two or three sessions a day. */
const apartMs = 10 * 3_600_000;
const words =
  'the of session turn file test const return value error line 消息 会话 naïve function import export'.split(
    ' ',
  );

/** Transcripts with lines of the shapes that Claude Code writes, always the same ones for the same amount. */
export async function writeTranscripts(
  directory: string,
  { files, bytes }: TranscriptAmount,
): Promise<WrittenUsage> {
  const random = createRandom(1);
  const total = { requests: 0, prompts: 0, outputTokens: 0, bytes: 0 };
  for (let n = 0; n < files; n += 1) {
    const session = new SessionWriter(`session-${n}`, random, firstMs + n * apartMs);
    while (session.bytes < bytes / files) session.writeTurn();
    const path = join(directory, `-home-me-project-${n % 40}`, `session-${n}.jsonl`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, session.text());
    total.requests += session.requests;
    total.prompts += session.prompts;
    total.outputTokens += session.outputTokens;
    total.bytes += session.bytes;
  }
  return total;
}

/** The lines of one session. */
export class SessionWriter {
  requests = 0;
  prompts = 0;
  outputTokens = 0;
  bytes = 0;
  readonly #id: string;
  readonly #random: Random;
  readonly #lines: string[] = [];
  #atMs: number;

  /** @param atMs when it begins, in Unix milliseconds */
  constructor(id: string, random: Random, atMs = firstMs) {
    this.#id = id;
    this.#random = random;
    this.#atMs = atMs;
  }

  text(): string {
    return this.#lines.join('');
  }

  /** A prompt, and some requests with what their tools gave. */
  writeTurn(): void {
    this.#write({ type: 'queue-operation', operation: 'enqueue', content: this.#prose(20) });
    this.#message('user', { role: 'user', content: this.#prose(40) });
    this.prompts += 1;
    const requests = 1 + Math.floor(this.#random() * 6);
    for (let n = 0; n < requests; n += 1) this.#writeRequest();
    this.#write({ type: 'last-prompt', lastPrompt: this.#prose(40) });
  }

  #writeRequest(): void {
    const random = this.#random;
    const id = `msg_${this.#id}_${this.requests}`;
    const output = 1 + Math.floor(random() * 2_000);
    const usage = {
      input_tokens: 1 + Math.floor(random() * 50),
      cache_creation_input_tokens: Math.floor(random() * 3_000),
      cache_read_input_tokens: Math.floor(random() * 150_000),
      output_tokens: output,
      server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
      service_tier: 'standard',
      cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
    };
    const model = models[Math.floor(random() * models.length)];
    const head = { id, type: 'message', role: 'assistant', model, stop_reason: null, usage };
    const thinking = { type: 'thinking', thinking: this.#prose(120), signature: 'c2ln'.repeat(60) };
    const use = { type: 'tool_use', id: `toolu_${id}`, name: 'Bash', input: { command: 'ls -l' } };
    const blocks = [thinking, { type: 'text', text: this.#prose(60) }, use];
    for (const block of blocks) this.#message('assistant', { ...head, content: [block] });
    this.requests += 1;
    this.outputTokens += output;
    const result = this.#prose(20 + Math.floor(random() ** 3 * 4_000));
    const content = [{ tool_use_id: `toolu_${id}`, type: 'tool_result', content: result }];
    this.#message('user', { role: 'user', content }, { toolUseResult: { stdout: result } });
  }

  #message(type: string, message: object, more: object = {}): void {
    this.#atMs += 8_000;
    this.#write({
      parentUuid: `p-${this.#id}-${this.#lines.length - 1}`,
      isSidechain: false,
      type,
      message,
      uuid: `u-${this.#id}-${this.#lines.length}`,
      timestamp: new Date(this.#atMs).toISOString(),
      ...more,
      userType: 'external',
      entrypoint: 'sdk-ts',
      cwd: '/home/me/project',
      version: '2.1.330',
      gitBranch: 'main',
    });
  }

  #write(line: object): void {
    const text = `${JSON.stringify({ ...line, sessionId: this.#id })}\n`;
    this.#lines.push(text);
    this.bytes += Buffer.byteLength(text);
  }

  #prose(count: number): string {
    const chosen = Array.from(
      { length: count },
      () => words[Math.floor(this.#random() * words.length)],
    );
    return chosen.join(' ');
  }
}
