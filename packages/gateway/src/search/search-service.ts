import {
  ChatHit,
  type EmbeddingState,
  MemoryHit,
  type OutputOf,
  type operations,
  type SearchMode,
} from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { EmbeddingServers } from './embeddings/embedding-servers.ts';
import type { Engine, QueryVector, Scope, SearchReply } from './engine/search-request.ts';
import type { EmbeddingIndexer } from './index/embedding-indexer.ts';
import type { TextIndexer } from './index/text-indexer.ts';
import type { EmbeddingModel, VectorsRepo } from './index/vectors-repo.ts';

/** What to look for. */
export interface Question {
  readonly query: string;
  readonly limit: number;
  readonly mode: SearchMode;
  readonly explain: boolean;
}

/** What to look for among messages. */
export interface ChatQuestion extends Question {
  readonly scope: Omit<Scope, 'kind'>;
  readonly cursor: string | undefined;
}

/** What to look for among the memories of a bot. */
export interface MemoryQuestion extends Question {
  readonly botId: string;
}

/** What was found. */
export interface Found<H> {
  readonly hits: readonly H[];
  /** How it was really looked for. */
  readonly mode: SearchMode;
  /** Of the next page; undefined: this is the last. */
  readonly cursor?: string | undefined;
}

export interface SearchServiceParts {
  readonly engine: Engine;
  readonly vectors: VectorsRepo;
  readonly servers: EmbeddingServers;
  readonly textIndexer: TextIndexer;
  readonly embeddingIndexer: EmbeddingIndexer;
  readonly clock: Clock;
  /** Something was looked for: how, and for how many milliseconds. */
  readonly onSearched?: ((mode: SearchMode, tookMs: number) => void) | undefined;
}

/** How long the vector of a query is waited for; where the server failed before, not for long. */
const patientMs = 5_000;
const impatientMs = 1_000;

type Status = OutputOf<typeof operations.searchStatus>;

/** Finds messages and memories. */
export class SearchService {
  readonly #parts: SearchServiceParts;

  constructor(parts: SearchServiceParts) {
    this.#parts = parts;
  }

  /** Index what waits, and go on with it. */
  /** How long what was written was not looked at, in milliseconds; undefined: it is not to be. */
  indexIdleMs(): number | undefined {
    return this.#parts.textIndexer.idleMs();
  }

  start(): void {
    this.#parts.textIndexer.start();
    this.#parts.embeddingIndexer.wake();
  }

  /** Something was written or deleted. */
  written(): void {
    this.#parts.textIndexer.wake();
  }

  /** @throws GatewayError `invalid_input` for a cursor of another search */
  async chat(question: ChatQuestion): Promise<Found<ChatHit>> {
    const { cursor, query, mode, explain } = question;
    const scope: Scope = { kind: 'chat', ...question.scope };
    const search = { query, scope, mode, explain };
    const reply =
      cursor === undefined
        ? await this.#search(question, scope)
        : await this.#goOn(question, scope, decodeCursor(search, cursor));
    const hits = reply.hits.map(({ row, ...found }) => ChatHit.parse({ ...row, ...found }));
    const next = reply.waiting.length === 0 ? undefined : encodeCursor(search, reply);
    return { hits, mode: reply.mode, cursor: next };
  }

  async memories(
    { botId, ...question }: MemoryQuestion,
    signal?: AbortSignal,
  ): Promise<Found<MemoryHit>> {
    const { hits, mode } = await this.#search(question, { kind: 'memory', botId }, signal);
    return {
      hits: hits.map(({ row, snippet: _, ...found }) => MemoryHit.parse({ ...row, ...found })),
      mode,
    };
  }

  /** @param botId undefined: of all bots */
  async status(botId: string | undefined): Promise<Status> {
    const { vectors, servers, engine } = this.#parts;
    const serving = vectors.serving();
    const embeds = servers.configured !== undefined && vectors.unsupported === undefined;
    const present = this.#present();
    const modelId = embeds ? (present?.id ?? Number.MAX_SAFE_INTEGER) : 0;
    const [chat, memory] = await Promise.all([
      engine.counts('chat', botId, modelId),
      engine.counts('memory', botId, modelId),
    ]);
    return {
      mode: this.#canEmbedQueries(serving) ? 'hybrid' : 'text',
      embeddings: {
        ...this.#embeddingState(),
        serving_model: serving?.name ?? null,
        dimensions: serving?.dimensions ?? null,
      },
      chat,
      memory,
    };
  }

  async close(): Promise<void> {
    const { textIndexer, embeddingIndexer, engine } = this.#parts;
    textIndexer.close();
    await embeddingIndexer.close();
    await engine.close();
  }

  async #search(question: Question, scope: Scope, signal?: AbortSignal): Promise<SearchReply> {
    const { engine, vectors, textIndexer, clock, onSearched } = this.#parts;
    const fromMs = clock.now();
    const request = { ...question, scope, nowMs: fromMs };
    const caughtUp = textIndexer.catchUp();
    // While the query gets its vector, words are looked for: where it gets one, they are one half.
    const isHybrid = question.mode === 'hybrid' && this.#canEmbedQueries(vectors.serving());
    const words = isHybrid ? caughtUp.then(() => engine.byWords(request)) : undefined;
    words?.catch(() => {});
    const [vector] = await Promise.all([
      question.mode === 'text' ? undefined : this.#vectorOf(question.query, signal),
      caughtUp,
    ]);
    const halves =
      words === undefined || vector === undefined
        ? undefined
        : await Promise.all([words, engine.byVector({ ...request, vector })]);
    const reply = await engine.search({
      ...request,
      vector,
      ...(halves === undefined ? {} : { halves: { text: halves[0], near: halves[1] } }),
    });
    onSearched?.(reply.mode, Math.max(0, clock.now() - fromMs));
    return reply;
  }

  #goOn(
    question: Question,
    scope: Scope,
    { mode, waiting }: Pick<SearchReply, 'mode' | 'waiting'>,
  ): Promise<SearchReply> {
    const nowMs = this.#parts.clock.now();
    return this.#parts.engine.search({ ...question, mode, scope, waiting, nowMs });
  }

  /** The query as the model sees it whose vectors are searched; undefined where that can't be had now. */
  async #vectorOf(query: string, signal?: AbortSignal): Promise<QueryVector | undefined> {
    const { vectors, servers, embeddingIndexer } = this.#parts;
    const serving = vectors.serving();
    const server = serving === undefined ? undefined : servers.of(serving);
    if (serving === undefined || server === undefined || server.pauseMs > 0) return undefined;
    if (vectors.unsupported !== undefined) return undefined;
    const failedBefore = 'nextTryMs' in server.state;
    const limit = AbortSignal.timeout(failedBefore ? impatientMs : patientMs);
    try {
      const [values] = await server.embed(
        [query],
        'query',
        signal === undefined ? limit : AbortSignal.any([signal, limit]),
      );
      if (values === undefined) return undefined;
      if (values.length === serving.dimensions) return { modelId: serving.id, values };
      // The name is the same and the model is another: its vectors are made anew.
      const { provider, name } = serving;
      vectors.ensure({ provider, name, dimensions: values.length });
      embeddingIndexer.wake();
      return undefined;
    } catch {
      // What is wrong with it is noted in the server's state, and shown with the status.
      return undefined;
    }
  }

  #present(): EmbeddingModel | undefined {
    const provider = this.#parts.servers.configured?.provider;
    return provider === undefined
      ? undefined
      : this.#parts.vectors.present({ provider: provider.provider, name: provider.model });
  }

  #canEmbedQueries(serving: EmbeddingModel | undefined): boolean {
    const { vectors, servers } = this.#parts;
    const server = serving === undefined ? undefined : servers.of(serving);
    return (
      vectors.unsupported === undefined && server !== undefined && !('nextTryMs' in server.state)
    );
  }

  #embeddingState(): Omit<Status['embeddings'], 'serving_model' | 'dimensions'> {
    const { vectors, servers } = this.#parts;
    const { configured } = servers;
    const said = (
      state: EmbeddingState,
      detail: string | null = null,
      fix: string | null = null,
      next_try_seconds: number | null = null,
    ) => ({
      provider: configured?.provider.provider ?? ('none' as const),
      model: configured?.provider.model ?? null,
      state,
      detail,
      fix,
      next_try_seconds,
    });
    if (configured === undefined) return said('off');
    if (vectors.unsupported !== undefined) {
      const fix =
        'Run npm ci again, without --omit=optional: sqlite-vec comes as an optional package.';
      return said('unsupported', vectors.unsupported, fix);
    }
    const { state } = configured;
    if (!('nextTryMs' in state)) return said(state.kind);
    return said(state.kind, state.detail, state.fix, configured.pauseMs / 1000);
  }
}
