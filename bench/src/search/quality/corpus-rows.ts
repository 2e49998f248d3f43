import type { Corpus } from '../corpus/corpus.ts';
import { type ChatRow, type MemoryRow, sqlTime } from '../database-rows.ts';

export const corpusBot = 'household';

/** How long before now the last message was written: recent things count for more, on whatever day this runs. */
const lastBeforeNowMs = 3_600_000;

/** Rows of a database with the corpus, and what its ids are in the corpus. */
export interface CorpusRows {
  readonly messages: readonly ChatRow[];
  readonly memories: readonly MemoryRow[];
  readonly messageIds: ReadonlyMap<number, string>;
}

/** @param now when the searches are made: the corpus is moved so that it ends an hour before */
export function corpusRows({ messages, memories }: Corpus, now: Date): CorpusRows {
  const last = Date.parse(messages.at(-1)?.at ?? '');
  const moved = now.getTime() - lastBeforeNowMs - last;
  const rows = messages.map(
    ({ session, role, at, text }, index): ChatRow => ({
      id: index + 1,
      botId: corpusBot,
      sessionId: `gw-${corpusBot}-${session}`,
      role,
      content: text,
      createdAt: sqlTime(new Date(Date.parse(at) + moved)),
    }),
  );
  const createdAt = new Date(last + moved).toISOString();
  return {
    messages: rows,
    memories: memories.map((memory) => ({ ...memory, botId: corpusBot, createdAt })),
    messageIds: new Map(messages.map(({ id }, index) => [index + 1, id])),
  };
}
