/** A text's vector. */
export interface Placed {
  readonly id: number;
  readonly vector: Float32Array;
}

/** Ids of the k nearest by cosine distance, nearest first, by looking at each. Vectors have the length 1. */
export function exactNearest(placed: readonly Placed[], query: Float32Array, k: number): number[] {
  const near = placed.map(({ id, vector }) => ({ id, similarity: dot(vector, query) }));
  near.sort((a, b) => b.similarity - a.similarity);
  return near.slice(0, k).map(({ id }) => id);
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1)
    sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}
