import { createHash } from 'node:crypto';
import { dimensions } from '../embedder/embedder.ts';
import { gaussian, seededRandom } from './random.ts';

const topics = 200;
const subtopics = 20;
/** Directions in which the texts of one subtopic mostly differ. */
const directions = 64;

/**
 * How long each part of a vector is. Those of language models look so: all share a direction, texts on one thing lie
 * near each other, and what is left differs in some directions much and in most of them little. With 20,000 texts the
 * tenth nearest of a text has a cosine of 0.71 in the mean, and the middle one 0.45. Pure noise would be another
 * thing: there all neighbours are equally far, and no search for the nearest means anything.
 */
const share = { common: 0.65, topic: 0.4, subtopic: 0.3, directions: 0.45, rest: 0.3 } as const;

const taskPrefix = /^(search_document|search_query): /;

/**
 * Vectors for many texts that nobody wrote: 200 topics of unequal size (a few have most of the texts) with 20
 * subtopics each. Where a text lies is drawn from its own letters, so that whoever asks for it gets the same vector.
 */
export class SyntheticVectors {
  readonly #common = unit(seededRandom(1));
  readonly #topics = Array.from({ length: topics }, (_, index) =>
    unit(seededRandom(1_000 + index)),
  );
  readonly #subtopics = Array.from({ length: topics * subtopics }, (_, index) =>
    unit(seededRandom(10_000 + index)),
  );
  readonly #directions = Array.from({ length: directions }, (_, index) =>
    unit(seededRandom(100_000 + index)),
  );

  /** A vector of 768 numbers and length 1. */
  embed(text: string): Float32Array {
    const digest = createHash('sha256').update(text.replace(taskPrefix, '')).digest();
    const random = seededRandom(digest.readInt32LE(0));
    const normal = gaussian(random);
    // The square makes the first topics the large ones.
    const topic = Math.floor(topics * random() ** 2);
    const subtopic = topic * subtopics + Math.floor(subtopics * random() ** 2);
    const vector = new Float32Array(dimensions);
    addTo(vector, this.#common, share.common);
    addTo(vector, this.#topics[topic], share.topic);
    addTo(vector, this.#subtopics[subtopic], share.subtopic);
    for (const [index, direction] of this.#directions.entries()) {
      addTo(vector, direction, (normal() * share.directions * spectrum) / Math.sqrt(index + 1));
    }
    const rest = share.rest / Math.sqrt(dimensions);
    for (let index = 0; index < dimensions; index += 1) add(vector, index, normal() * rest);
    return normalized(vector);
  }
}

/** Makes the directions together as long as their share says: their weights are 1/√n. */
const spectrum =
  1 / Math.sqrt(Array.from({ length: directions }, (_, n) => 1 / (n + 1)).reduce((a, b) => a + b));

const add = (vector: Float32Array, index: number, value: number): void => {
  vector[index] = (vector[index] ?? 0) + value;
};

function addTo(vector: Float32Array, other: Float32Array | undefined, weight: number): void {
  if (other === undefined) throw new RangeError('there is no such direction');
  for (let index = 0; index < dimensions; index += 1)
    add(vector, index, weight * (other[index] ?? 0));
}

/** A random direction. */
function unit(random: () => number): Float32Array {
  const normal = gaussian(random);
  return normalized(Float32Array.from({ length: dimensions }, normal));
}

function normalized(vector: Float32Array): Float32Array {
  let square = 0;
  for (const value of vector) square += value * value;
  const length = Math.sqrt(square);
  return vector.map((value) => value / length);
}
