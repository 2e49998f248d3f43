'use client';

import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { agoOf } from './words/writing.ts';

const askEveryMs = 15_000;
/** Times are written as seen from now: they are written anew this often. */
const renewEveryMs = 60_000;

/** What it says, with `{ago}` where the time comes. */
export interface FollowWords {
  readonly locale: string;
  readonly live: string;
  readonly stale: string;
  readonly staleNote: string;
  readonly pushed: string;
}

/**
 * When the last push was, and whether that is too long ago. With JavaScript it looks for the next one, and has the
 * page written anew when it has come.
 */
export function Follow({
  pushedAt,
  version,
  staleMs,
  renderedAt,
  words,
}: {
  /** Unix milliseconds. */
  readonly pushedAt: number;
  readonly version: string;
  readonly staleMs: number;
  /** Unix milliseconds: when the page was written. */
  readonly renderedAt: number;
  readonly words: FollowWords;
}): ReactNode {
  const router = useRouter();
  const [now, setNow] = useState(renderedAt);
  useEffect(() => setNow(renderedAt), [renderedAt]);
  useEffect(() => {
    let renewedMs = performance.now();
    const look = async (): Promise<void> => {
      if (document.hidden) return;
      setNow(Date.now());
      const due = performance.now() - renewedMs > renewEveryMs;
      if (!due && !(await hasNewer(version))) return;
      renewedMs = performance.now();
      router.refresh();
    };
    const timer = setInterval(look, askEveryMs);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [router, version]);
  const stale = now - pushedAt > staleMs;
  const ago = agoOf(words.locale, pushedAt, Math.max(now, pushedAt)) ?? '';
  return (
    <div className="status" data-state={stale ? 'stale' : 'live'} role="status">
      <span className="dot" aria-hidden="true" />
      <strong>{stale ? words.stale : words.live}</strong>
      <time dateTime={new Date(pushedAt).toISOString()}>
        {(stale ? words.staleNote : words.pushed).replace('{ago}', ago)}
      </time>
    </div>
  );
}

/** false also where that can't be asked for now: the next time will tell. */
async function hasNewer(version: string): Promise<boolean> {
  try {
    const response = await fetch('/api/metrics', {
      method: 'HEAD',
      cache: 'no-store',
      headers: { 'if-none-match': version },
    });
    return response.ok;
  } catch {
    return false;
  }
}
