import { expect, test } from 'vitest';
import { readCorpus } from '../corpus/corpus.ts';
import { corpusRows } from './corpus-rows.ts';

test('the corpus ends an hour before now, and nothing of its order is lost', async () => {
  const corpus = await readCorpus();
  const { messages, memories, messageIds } = corpusRows(corpus, new Date('2030-05-01T12:00:00Z'));
  expect(messages.at(-1)?.createdAt).toBe('2030-05-01 11:00:00');
  expect(messages.map(({ id }) => messageIds.get(id))).toEqual(corpus.messages.map(({ id }) => id));
  const times = messages.map(({ createdAt }) => createdAt);
  expect(times).toEqual([...times].sort());
  expect(memories).toHaveLength(corpus.memories.length);
});
