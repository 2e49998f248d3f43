import type { Clock } from '../../host/clock.ts';
import type { Engine } from './search-request.ts';
import { SearchThread } from './search-thread.ts';

/** Searches on two threads, so that a hybrid search takes as long as the longer of its halves. */
export function searchThreads(path: string, clock: Clock): Engine {
  const first = new SearchThread(path, clock);
  const second = new SearchThread(path, clock);
  return {
    search: first.search,
    byWords: first.byWords,
    byVector: second.byVector,
    counts: first.counts,
    close: async () => void (await Promise.all([first.close(), second.close()])),
  };
}
