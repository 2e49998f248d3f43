import { once } from 'node:events';
import { createServer } from 'node:net';
import { Embedder } from '../../bench/src/search/embedder/embedder.ts';
import {
  type MakesVectors,
  type OllamaServer,
  ServerWork,
  servedModel,
  startOllamaServer,
} from '../../bench/src/search/embedder/ollama-server.ts';

/** Knows synonyms in English and Chinese by a lexicon, as a model would; the same on each machine. */
const lexicon = new Embedder();

/** Another model: half as many numbers, so that its vectors fit nowhere else. */
const smaller: MakesVectors = { embed: (text) => lexicon.embed(text).slice(0, 384) };

export const otherModel = 'other-model';

/** An embedding server at one address, that can be down and come back. */
export class EmbeddingServer {
  readonly port: number;
  #server: OllamaServer | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  /** It does not listen yet. */
  static async atFreePort(): Promise<EmbeddingServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return new EmbeddingServer(address.port);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What a gateway is told of it. */
  get env(): Record<string, string> {
    return { EMBEDDINGS_PROVIDER: 'ollama', OLLAMA_BASE_URL: this.url };
  }

  /** @param models those that were pulled */
  async start(models: readonly string[] = [servedModel]): Promise<void> {
    const all = new Map<string, MakesVectors>([
      [servedModel, lexicon],
      [otherModel, smaller],
    ]);
    const served = [...all].filter(([name]) => models.includes(name));
    this.#server = await startOllamaServer(new Map(served), this.port);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  /** What it did since it was started. */
  async work(): Promise<ServerWork> {
    return ServerWork.parse(await (await fetch(`${this.url}/work`)).json());
  }
}
