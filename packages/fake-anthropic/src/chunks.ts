import type { Chunking } from './plan.ts';

// Han has no spaces, and models write it a character or two at a time.
const words = /\s*(?:\p{Script=Han}{1,2}|[^\s\p{Script=Han}]+)|\s+/gu;

/** Cut a text into deltas. Joined together again they are the text. */
export function chunksOf(text: string, chunking: Chunking): string[] {
  if (chunking.by === 'word') return text.match(words) ?? [];
  // By code points: half a surrogate pair would not survive UTF-8.
  const points = [...text];
  const chunks: string[] = [];
  for (let start = 0; start < points.length; start += chunking.count)
    chunks.push(points.slice(start, start + chunking.count).join(''));
  return chunks;
}
