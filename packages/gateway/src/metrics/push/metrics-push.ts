import type { Metrics, PrivateField } from '@mini-claude-bot/contract';
import type { Clock } from '../../host/clock.ts';
import type { Logger } from '../../host/logger.ts';
import { wait } from '../../host/wait.ts';
import { decideAfterPush, type PushAnswer } from './decide-after-push.ts';
import { publicMetrics } from './public-metrics.ts';

/** What the push works with. */
export interface PushParts {
  /** New metrics. */
  readonly collect: () => Promise<Metrics>;
  /** Where they are sent to; unset: nowhere. */
  readonly url: string | undefined;
  readonly secret: string | undefined;
  /** Made public besides what always is. */
  readonly publicFields: readonly PrivateField[];
  /** A push has arrived, or was given up. */
  readonly onEnded: (result: PushResult) => void;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
}

/** What became of a push. */
export interface PushResult {
  readonly pushed: boolean;
  readonly attempts: number;
  /** In words, for the owner. */
  readonly detail: string;
}

/** How long the dashboard has to answer, in milliseconds. */
const answerMs = 15_000;
const longestAnswer = 300;

/** Sends what is public of the metrics to the dashboard. */
export class MetricsPush {
  readonly #parts: PushParts;
  readonly #stop = new AbortController();
  #pushing: Promise<PushResult> | undefined;

  constructor(parts: PushParts) {
    this.#parts = parts;
  }

  /** Whether there is somewhere to send them to. */
  get configured(): boolean {
    return this.#parts.url !== undefined && this.#parts.secret !== undefined;
  }

  /**
   * Collect, and send; tried again where that may help. One at a time: who asks meanwhile gets the same.
   * Rejects only where the metrics can't be collected.
   */
  pushNow(): Promise<PushResult> {
    this.#pushing ??= this.#push().finally(() => {
      this.#pushing = undefined;
    });
    return this.#pushing;
  }

  /** Give up what is under way. */
  async close(): Promise<void> {
    this.#stop.abort(new Error('the gateway stops'));
    await this.#pushing?.catch(() => {});
  }

  async #push(): Promise<PushResult> {
    const { collect, url, secret, publicFields, onEnded, logger } = this.#parts;
    if (url === undefined) return unset('DASHBOARD_PUSH_URL', 'where the dashboard takes them');
    if (secret === undefined) return unset('METRICS_SECRET', 'the secret that the dashboard has');
    if (hasPassword(url)) {
      const detail =
        'Nothing was sent: DASHBOARD_PUSH_URL has a name or a password in it. Take it out: the dashboard asks for METRICS_SECRET alone.';
      return { pushed: false, attempts: 0, detail };
    }
    const body = JSON.stringify(publicMetrics(await collect(), publicFields));
    const result = await this.#sendUntilTaken(url, secret, body);
    // The address may hold a password of its own, so that it stands in no log.
    if (!result.pushed) logger.warn(result, 'the metrics were not pushed');
    onEnded(result);
    return result;
  }

  async #sendUntilTaken(url: string, secret: string, body: string): Promise<PushResult> {
    const { clock, random } = this.#parts;
    const { signal } = this.#stop;
    for (let attempts = 1; ; attempts += 1) {
      const answer = await this.#send(url, secret, body);
      const next = decideAfterPush(answer, attempts, random());
      if (next.kind === 'done') return { pushed: next.pushed, attempts, detail: next.detail };
      try {
        await wait(next.ms, clock, signal);
      } catch {
        return { pushed: false, attempts, detail: 'The gateway was stopped meanwhile.' };
      }
    }
  }

  async #send(url: string, secret: string, body: string): Promise<PushAnswer> {
    const { clock } = this.#parts;
    const late = new AbortController();
    const cancel = clock.after(answerMs, () => late.abort(new Error('no answer in 15 seconds')));
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body,
        // A secret is for the address that it was set for, and for no other.
        redirect: 'manual',
        signal: AbortSignal.any([this.#stop.signal, late.signal]),
      });
      const words = (await response.text()).slice(0, longestAnswer);
      const retryAfter = Number(response.headers.get('retry-after') ?? Number.NaN);
      return {
        kind: 'answered',
        status: response.status,
        words: words.replaceAll(secret, '…'),
        retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined,
      };
    } catch (error) {
      return { kind: 'unreachable', words: wordsOf(error) };
    } finally {
      cancel();
    }
  }
}

const unset = (variable: string, what: string): PushResult => ({
  pushed: false,
  attempts: 0,
  detail: `Nothing was sent: set ${variable} to ${what}.`,
});

/** Such an address can't be fetched, and what says so would say it all. */
function hasPassword(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

/** What is wrong with the network stands in the cause of what `fetch` throws. */
function wordsOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
