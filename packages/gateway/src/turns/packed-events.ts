import type { TurnEvent } from '@mini-claude-bot/contract';

/** Kinds that have nothing besides their content. Most of the events of a turn are of these. */
const packed = ['text', 'thinking'] as const;
type PackedType = (typeof packed)[number];

const isPacked = (type: TurnEvent['type']): type is PackedType =>
  packed.some((kind) => kind === type);

/** Stands in the list of kinds for an event that is kept as it was. */
const asItWas = 255;

/**
 * Events of which no more come, in a fraction of the memory: a reply of 400 words has 400 of them, of which
 * each takes a hundred bytes for a word of five.
 */
export class PackedEvents {
  readonly #content: string;
  /** Where each one's content ends in that. */
  readonly #ends: Uint32Array;
  readonly #kinds: Uint8Array;
  readonly #others = new Map<number, TurnEvent>();

  constructor(events: readonly TurnEvent[]) {
    const pieces: string[] = [];
    this.#ends = new Uint32Array(events.length);
    this.#kinds = new Uint8Array(events.length).fill(asItWas);
    let end = 0;
    for (const [index, event] of events.entries()) {
      if (isPacked(event.type)) {
        pieces.push(event.content);
        end += event.content.length;
        this.#kinds[index] = packed.indexOf(event.type);
      } else {
        this.#others.set(index, event);
      }
      this.#ends[index] = end;
    }
    this.#content = pieces.join('');
  }

  get length(): number {
    return this.#ends.length;
  }

  /** @returns undefined beyond the last */
  at(index: number): TurnEvent | undefined {
    const type = packed[this.#kinds[index] ?? asItWas];
    if (type === undefined) return this.#others.get(index);
    const content = this.#content.slice(this.#ends[index - 1] ?? 0, this.#ends[index]);
    return { type, content };
  }
}
