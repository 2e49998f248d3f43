import { featuresOf } from './features.ts';
import { type Lexicon, readLexicon } from './lexicon.ts';

export const dimensions = 768;

/** Positions that a feature has in a vector: with several, two features rarely fall together altogether. */
const positions = 4;

/** What nomic-embed-text wants before a text; it says what the text is for, and nothing of its meaning. */
const taskPrefix = /^(search_document|search_query|clustering|classification): /;

/**
 * The benchmark's own embedder. It is no language model: a text becomes the concepts that a lexicon of some hundred
 * lines knows in English and Chinese, its words, and its sequences of three letters, hashed into 768 dimensions
 * (Weinberger et al., "Feature hashing", 2009). So it knows synonyms, translations and misspellings in part, as a model
 * does, and it is the same on each machine. What it finds says how results are fused; it doesn't say how good a
 * model's vectors are.
 */
export class Embedder {
  readonly #lexicon: Lexicon;

  constructor(lexicon: Lexicon = readLexicon()) {
    this.#lexicon = lexicon;
  }

  /** A vector of 768 numbers and length 1; that of an empty text is the first axis. */
  embed(text: string): Float32Array {
    const vector = new Float32Array(dimensions);
    for (const [name, weight] of featuresOf(text.replace(taskPrefix, ''), this.#lexicon)) {
      addFeature(vector, name, weight);
    }
    return normalize(vector);
  }
}

function addFeature(vector: Float32Array, name: string, weight: number): void {
  for (let position = 0; position < positions; position += 1) {
    const hash = fnv1a(name, position);
    const index = hash % dimensions;
    const sign = hash >>> 31 === 0 ? 1 : -1;
    vector[index] = (vector[index] ?? 0) + sign * weight;
  }
}

function normalize(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  if (length === 0) vector[0] = 1;
  else for (const [index, value] of vector.entries()) vector[index] = value / length;
  return vector;
}

/** FNV-1a with a last mix, since its upper bits differ little for short texts. 32 bits, unsigned. */
function fnv1a(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ Math.imul(seed, 0x9e3779b1);
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
