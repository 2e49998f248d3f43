import type { BenchPlace } from './bench-place.ts';

/** The reply of the goal: 400 words, 5 ms from one to the next. */
export const longReply = '[[words:400]] [[slow:5]]';

/** How a streamed reply came through. */
export interface Delivery {
  readonly deltas: number;
  /** How many pieces of text the reader got. */
  readonly events: number;
  /** From the model's first text to the reader's. */
  readonly firstMs: number;
  /** The same for each piece: from the delta that completes it. */
  readonly lagsMs: readonly number[];
}

interface Piece {
  /** Characters up to its end. */
  readonly end: number;
  readonly at: number;
}

class Timeline {
  readonly pieces: Piece[] = [];
  #end = 0;

  add(text: string, at: number): void {
    this.#end += text.length;
    this.pieces.push({ end: this.#end, at });
  }
}

type Read = (message: string, onText: (text: string, at: number) => void) => Promise<unknown>;

/**
 * Have a long reply streamed, and compare when each piece left the model with when it was here. Both are
 * read on one clock: the fake API runs in this process.
 */
export async function deliver(place: BenchPlace, read: Read): Promise<Delivery> {
  const sent = new Timeline();
  const got = new Timeline();
  place.onDelta = ({ delta, at }) => {
    if (delta.type === 'text_delta') sent.add(delta.text, at.monotonicMs);
  };
  try {
    await read(longReply, (text, at) => got.add(text, at));
  } finally {
    place.onDelta = () => {};
  }
  const lagsMs = got.pieces.map((piece) => piece.at - sentAt(sent.pieces, piece.end));
  const [firstMs] = lagsMs;
  if (firstMs === undefined) throw new Error('no text came');
  return { deltas: sent.pieces.length, events: got.pieces.length, firstMs, lagsMs };
}

/** When the model had written so much. @throws when it never did */
function sentAt(pieces: readonly Piece[], end: number): number {
  const piece = pieces.find((candidate) => candidate.end >= end);
  if (piece === undefined) throw new Error('more text came than the model wrote');
  return piece.at;
}
