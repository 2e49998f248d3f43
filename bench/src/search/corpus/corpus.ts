import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { dataFile } from '../data-file.ts';

/** What makes a query hard. */
export const queryClasses = [
  'paraphrase',
  'exact-name',
  'date',
  'code',
  'chinese-word',
  'mixed-language',
  'misspelling',
] as const;

export type QueryClass = (typeof queryClasses)[number];

const message = z.strictObject({
  id: z.string().min(1),
  /** The conversation; messages of one stand in the order in which they were written. */
  session: z.string().min(1),
  role: z.enum(['user', 'assistant']),
  at: z.iso.datetime(),
  text: z.string().min(1),
});

const memory = z.strictObject({
  key: z.string().min(1),
  category: z.string().min(1),
  content: z.string().min(1),
});

const query = z.strictObject({
  id: z.string().min(1),
  class: z.enum(queryClasses),
  /** Which of the two searches it is put to. */
  over: z.enum(['chat', 'memory']),
  text: z.string().min(1),
  /**
   * Id of a message or key of a memory, and how well it answers: 3 it is what was looked for, 2 it helps, 1 it is
   * about the same thing. A text is judged by what it says by itself, as a hit is shown. What is not named is 0.
   */
  relevant: z.record(z.string(), z.union([z.literal(1), z.literal(2), z.literal(3)])),
});

export type CorpusMessage = z.infer<typeof message>;
export type CorpusMemory = z.infer<typeof memory>;
export type CorpusQuery = z.infer<typeof query>;

/** A year of an invented household, a small team and a freelancer, in English and Chinese. */
export interface Corpus {
  readonly messages: readonly CorpusMessage[];
  readonly memories: readonly CorpusMemory[];
  readonly queries: readonly CorpusQuery[];
}

/** @throws ZodError for a line that is not as described */
export async function readCorpus(): Promise<Corpus> {
  const [messages, memories, queries] = await Promise.all([
    readLines('messages.jsonl', message),
    readLines('memories.jsonl', memory),
    readLines('queries.jsonl', query),
  ]);
  return { messages, memories, queries };
}

async function readLines<T>(file: string, schema: z.ZodType<T>): Promise<T[]> {
  const text = await readFile(dataFile('corpus', file), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => schema.parse(JSON.parse(line)));
}
