import type { Config } from '../../config/config.ts';
import type { Clock } from '../../host/clock.ts';
import type { ModelName } from '../index/vectors-repo.ts';
import { configuredProvider, providerOf } from './choose-provider.ts';
import { Embeddings } from './embeddings.ts';

/** The server that new texts are embedded with, and those of models whose vectors are still searched. */
export class EmbeddingServers {
  /** undefined: nothing is embedded. */
  readonly configured: Embeddings | undefined;
  readonly #config: Config;
  readonly #clock: Clock;
  readonly #others = new Map<string, Embeddings>();

  constructor(config: Config, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    const provider = configuredProvider(config);
    this.configured = provider === undefined ? undefined : new Embeddings(provider, clock);
  }

  /** What queries to the vectors of a model are embedded with; undefined where nothing may be asked. */
  of({ provider, name }: ModelName): Embeddings | undefined {
    const { configured } = this;
    if (configured?.provider.provider === provider && configured.provider.model === name)
      return configured;
    if (configured === undefined) return undefined;
    const key = `${provider}\n${name}`;
    const known = this.#others.get(key);
    if (known !== undefined) return known;
    const made = providerOf(this.#config, provider, name);
    if (made === undefined) return undefined;
    const embeddings = new Embeddings(made, this.#clock);
    this.#others.set(key, embeddings);
    return embeddings;
  }
}
