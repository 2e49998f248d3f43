import { type ChatRow, sqlTime } from '../database-rows.ts';
import { seededRandom } from './random.ts';

/** It owns every hundredth message. */
export const smallBot = 'small';
export const largeBot = 'large';

const chats = 50;
const apartMs = 60_000;

/**
 * Messages as many as asked for: two sentences of the corpus each, and a number, so that words are as frequent as in
 * what people write and no text stands there twice.
 */
export function* manyRows(
  count: number,
  sentences: readonly string[],
  now: Date,
): Generator<ChatRow> {
  const sentence = randomOf(sentences, 1);
  for (let index = 0; index < count; index += 1) {
    const botId = index % 100 === 0 ? smallBot : largeBot;
    yield {
      id: index + 1,
      botId,
      sessionId: `gw-${botId}-${index % chats}`,
      role: index % 2 === 0 ? 'user' : 'assistant',
      content: `${sentence()} ${sentence()} (${index})`,
      createdAt: sqlTime(new Date(now.getTime() - (count - index) * apartMs)),
    };
  }
}

/** Texts to look for, all different for all seeds. */
export function manyQueries(count: number, sentences: readonly string[], seed: number): string[] {
  const sentence = randomOf(sentences, 1_000 + seed);
  return Array.from({ length: count }, (_, index) => `${sentence().slice(0, 80)} ${seed}.${index}`);
}

function randomOf(sentences: readonly string[], seed: number): () => string {
  const random = seededRandom(seed);
  return () => {
    const sentence = sentences[Math.floor(random() * sentences.length)];
    if (sentence === undefined) throw new RangeError('there are no sentences');
    return sentence;
  };
}
