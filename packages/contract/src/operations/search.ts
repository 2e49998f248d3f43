import { z } from 'zod';
import { BotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';

export const SearchMode = z
  .enum(['hybrid', 'text', 'vector'])
  .describe(
    'By words, by meaning, or both. Where vectors can not be had, words alone are looked for.',
  );
export type SearchMode = z.infer<typeof SearchMode>;

/** How a search was really done: it goes by words alone while there are no embeddings. */
export const searchModeHeader = 'x-search-mode';
/** What to give as `cursor` for the next page; absent on the last one. */
export const nextCursorHeader = 'x-next-cursor';

export const searchHeaders = {
  [searchModeHeader]: 'How it was looked for: `hybrid`, `text` or `vector`.',
} as const;

export const distance = z
  .number()
  .describe('0 to 2, smaller is better; it grows from hit to hit, or stays the same.');

/** Why a hit stands where it does. */
export const Explanation = z.object({
  score: z.number().describe('What the hits are ordered by: larger is better.'),
  text: z
    .object({
      rank: z.int(),
      bm25: z
        .number()
        .describe(
          'Smaller is better. A word that very many rows have counts as if it stood there once.',
        ),
      terms: z.int().describe('How many of the words that were looked for it has.'),
    })
    .nullable(),
  vector: z
    .object({ rank: z.int(), distance: z.number().describe('Cosine distance, 0 to 2.') })
    .nullable(),
  recency: z.number().describe('What the score was multiplied by for being recent.'),
});
export type Explanation = z.infer<typeof Explanation>;

export const EmbeddingState = z
  .enum(['off', 'unsupported', 'unknown', 'ready', 'unreachable', 'model_missing', 'refused'])
  .describe(
    '`unsupported`: vectors can not be searched on this platform; `unknown`: not needed so far.',
  );
export type EmbeddingState = z.infer<typeof EmbeddingState>;

const rowCounts = z.object({
  rows: z.int(),
  waiting: z.int().describe('Rows that are not in the full-text index yet.'),
  passages: z.int().describe('Pieces that rows are indexed by.'),
  unembedded: z.int().describe('Passages without a vector of the present model.'),
});

export const searchStatus = defineOperation({
  id: 'searchStatus',
  method: 'GET',
  path: '/api/search/status',
  tag: 'search',
  access: 'bot',
  summary: 'How searches are done at present, and what waits to be indexed',
  input: z.object({ bot_id: BotId.optional().describe('Only rows of this bot.') }),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      mode: z.enum(['hybrid', 'text']),
      embeddings: z.object({
        provider: z.enum(['ollama', 'openai', 'none']),
        model: z.string().nullable(),
        state: EmbeddingState,
        detail: z.string().nullable().describe('What is wrong, in words.'),
        fix: z.string().nullable().describe('What to do about it.'),
        next_try_seconds: z.number().nullable(),
        serving_model: z.string().nullable().describe('The model whose vectors are searched.'),
        dimensions: z.int().nullable(),
      }),
      chat: rowCounts,
      memory: rowCounts,
    }),
  },
  errors: [],
  mcp: {
    name: 'get_search_status',
    title: 'See how searches are done',
    description:
      'See whether memories and the history are searched by meaning or by words alone, what is wrong with the ' +
      'embeddings and what to do about it, and how much waits to be indexed.',
  },
});
