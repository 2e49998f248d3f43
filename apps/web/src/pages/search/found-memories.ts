import type { Client } from '@mini-claude-bot/client';
import { type BotId, type MemoryHit, operations } from '@mini-claude-bot/contract';
import { type Filters, sinceOf } from './search-filters.tsx';

const most = 4;
/** Farther off, a memory that has none of the words is about something else: the nearest always come, however far. */
const nearEnough = 0.4;

/** The memories that these words are about, the nearest first. @param bots whose */
export async function findMemories(
  client: Client,
  words: string,
  { bot, role, period }: Filters,
  bots: readonly BotId[],
  signal: AbortSignal,
): Promise<readonly MemoryHit[]> {
  // Memories are nobody's words: who asks for those of one side means messages.
  if (role !== 'any') return [];
  const asked = bots.filter((each) => bot === '' || bot === each);
  const found = await Promise.all(
    asked.map((bot_id) => {
      const input = { q: words, bot_id, limit: most, explain: true };
      return client.call(operations.searchMemories, input, signal);
    }),
  );
  const since = sinceOf(period, Date.now());
  return found
    .flat()
    .filter((hit) => isAbout(hit) && isSince(hit, since))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, most);
}

export const isAbout = ({ distance, explain }: MemoryHit): boolean =>
  explain?.text != null || distance <= nearEnough;

const isSince = ({ updated_at }: MemoryHit, since: string | undefined): boolean =>
  since === undefined || Date.parse(updated_at) >= Date.parse(since);
