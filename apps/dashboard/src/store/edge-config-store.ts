import { createClient } from '@vercel/edge-config';
import { z } from 'zod';
import type { StoreSettings } from '../settings.ts';
import type { DashboardState } from './dashboard-state.ts';
import { fitState } from './fit-state.ts';
import { packState, unpackState } from './packed-state.ts';
import { type Store, StoreError } from './store.ts';

const key = 'dashboard';
const answerMs = 10_000;
/** What the store itself needs around the value. */
const aroundBytes = 256;

const Item = z.object({ value: z.unknown() });

type EdgeConfigSettings = Extract<StoreSettings, { kind: 'edge-config' }>;

/**
 * Vercel's Edge Config: read by its own client, near to who looks; written by the REST API, which alone may. What is
 * written is to be seen everywhere after some seconds.
 */
export class EdgeConfigStore implements Store {
  readonly #settings: EdgeConfigSettings;

  constructor(settings: EdgeConfigSettings) {
    this.#settings = settings;
  }

  async read(): Promise<DashboardState | undefined> {
    try {
      const packed = await this.#client().get<unknown>(key);
      return packed === undefined ? undefined : unpackState(packed);
    } catch {
      // What the client says may hold the connection string.
      throw new StoreError("The Edge Config can't be read: is EDGE_CONFIG its connection string?");
    }
  }

  /** From the API: the Edge Config itself may be some seconds behind. */
  async newest(): Promise<DashboardState | undefined> {
    const response = await this.#ask(`item/${key}`, { method: 'GET' });
    if (response.status === 404) return undefined;
    await this.#check(response);
    try {
      return unpackState(Item.parse(await response.json()).value);
    } catch {
      // Whatever somebody has put there: the next push has all that is needed.
      return undefined;
    }
  }

  async write(state: DashboardState): Promise<DashboardState> {
    const { maxBytes } = this.#settings;
    const most = maxBytes - aroundBytes;
    const fitting = fitState(state, (smaller) => {
      const value = packState(smaller);
      return value.length <= most ? value : undefined;
    });
    if (fitting === undefined) {
      throw new StoreError(`The metrics do not fit into ${maxBytes} bytes, however trimmed.`, 413);
    }
    const items = [{ operation: 'upsert', key, value: fitting.fitted }];
    await this.#check(
      await this.#ask('items', {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ items }),
      }),
    );
    return fitting.state;
  }

  #client() {
    return createClient(this.#settings.connection);
  }

  async #ask(path: string, request: RequestInit): Promise<Response> {
    const { apiUrl, apiToken, teamId } = this.#settings;
    if (apiToken === undefined) {
      throw new StoreError('VERCEL_API_TOKEN is not set: nothing can be written without it.');
    }
    const url = new URL(`/v1/edge-config/${encodeURIComponent(this.#id())}/${path}`, apiUrl);
    if (teamId !== undefined) url.searchParams.set('teamId', teamId);
    const headers = { ...request.headers, authorization: `Bearer ${apiToken}` };
    const signal = AbortSignal.timeout(answerMs);
    try {
      return await fetch(url, {
        ...request,
        headers,
        signal,
        redirect: 'error',
        cache: 'no-store',
      });
    } catch {
      throw new StoreError("Vercel's API can't be reached.");
    }
  }

  #id(): string {
    try {
      return this.#client().connection.id;
    } catch {
      throw new StoreError('EDGE_CONFIG is no connection string of an Edge Config.');
    }
  }

  async #check(response: Response): Promise<void> {
    if (response.ok) return;
    const { status } = response;
    await response.body?.cancel();
    if (status === 401 || status === 403) {
      throw new StoreError(
        'Vercel refuses VERCEL_API_TOKEN: is it of the account, or the team in VERCEL_TEAM_ID, that has the Edge Config?',
      );
    }
    const retryAfter = response.headers.get('retry-after') ?? undefined;
    if (status === 429) throw new StoreError('Vercel takes no more writes now.', 429, retryAfter);
    throw new StoreError(`Vercel's API did not take the metrics (status ${status}).`);
  }
}
