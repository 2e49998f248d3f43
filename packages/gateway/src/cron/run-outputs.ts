import { StringDecoder } from 'node:string_decoder';
import type { TurnEvent } from '@mini-claude-bot/contract';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { SecretStream } from '../secrets/secret-stream.ts';
import { TurnFeed } from '../turns/turn-feed.ts';
import type { RunRow } from './run-row.ts';

/** Takes what a command writes, as it comes. */
export type TakeOutput = (chunk: Buffer) => void;

/** What runs write while they run, for those who watch. It is bounded, and forgotten when a run has ended. */
export class RunOutputs {
  readonly #find: (runId: number) => RunRow | undefined;
  readonly #secrets: KnownSecrets;
  readonly #feeds = new Map<number, TurnFeed>();

  constructor(find: (runId: number) => RunRow | undefined, secrets: KnownSecrets) {
    this.#find = find;
    this.#secrets = secrets;
  }

  /** Somebody begins to carry that run out. @returns where its output goes, and what to call when no more comes */
  begin(runId: number): { readonly take: TakeOutput; readonly end: () => void } {
    const feed = this.#feed(runId);
    feed.append({ type: 'started', content: '' });
    const decoder = new StringDecoder('utf8');
    const stream = new SecretStream(this.#secrets);
    const say = (text: string): void => {
      if (text !== '') feed.append({ type: 'text', content: text.replaceAll('\0', '\ufffd') });
    };
    return {
      take: (chunk) => say(stream.push(decoder.write(chunk))),
      end: () => say(stream.push(decoder.end()) + stream.end()),
    };
  }

  /** What has become of a run is stored. */
  settled(runId: number): void {
    const feed = this.#feeds.get(runId);
    if (feed === undefined) return;
    const run = this.#find(runId);
    if (run?.state === 'queued') feed.restart(run.why ?? 'It is tried again.', '');
    if (run?.state === 'queued' || run?.state === 'running') return;
    this.#feeds.delete(runId);
    feed.end(endOf(run));
  }

  /** Its events from the first on; of one that has ended, what is stored. */
  follow(runId: number, gone: AbortSignal): AsyncIterable<TurnEvent> {
    // As it is now: it may have ended since it was asked for, and then nobody ends its feed any more.
    const run = this.#find(runId);
    const open = run?.state === 'queued' || run?.state === 'running';
    return open ? this.#feed(runId).read(gone) : stored(run);
  }

  /** Nobody hears more: what waits runs after the next start. */
  close(): void {
    for (const feed of this.#feeds.values()) feed.close();
    this.#feeds.clear();
  }

  #feed(runId: number): TurnFeed {
    const feed = this.#feeds.get(runId) ?? new TurnFeed();
    this.#feeds.set(runId, feed);
    return feed;
  }
}

const endOf = (run: RunRow | undefined) => ({ type: 'done', content: run?.result ?? '' }) as const;

async function* stored(run: RunRow | undefined): AsyncGenerator<TurnEvent> {
  const output = [run?.stdout, run?.stderr].filter((text) => text).join('\n');
  if (output !== '') yield { type: 'text', content: output };
  yield endOf(run);
}
