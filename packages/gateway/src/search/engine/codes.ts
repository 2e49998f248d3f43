/** The sign of each number of a vector, as a bit, in whole bytes: what the first, coarse search compares. */
export function signBits(vector: Float32Array | Int16Array): Uint8Array {
  const bits = new Uint8Array(codeBits(vector.length) / 8);
  for (const [index, value] of vector.entries()) {
    if (value > 0) bits[index >> 3] = (bits[index >> 3] ?? 0) | (1 << (index & 7));
  }
  return bits;
}

/** Bits of a code for that many dimensions: sqlite-vec wants whole bytes. */
export const codeBits = (dimensions: number): number => Math.ceil(dimensions / 8) * 8;

/** The table of a model's codes. */
export const codesTable = (modelId: number): string => `codes_${modelId}`;

/** As whole numbers of 16 bits, scaled to the largest: half the size, and the direction to five digits. */
export function quantise(vector: Float32Array): Int16Array {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  const scale = largest === 0 ? 0 : 32_767 / largest;
  return Int16Array.from(vector, (value) => Math.round(value * scale));
}

/** 1 − cosine: 0 to 2. @param stored as {@link quantise} made it */
export function cosineDistance(query: Float32Array, stored: Int16Array): number {
  let dot = 0;
  let ofQuery = 0;
  let ofStored = 0;
  for (let index = 0; index < query.length; index += 1) {
    const a = query[index] ?? 0;
    const b = stored[index] ?? 0;
    dot += a * b;
    ofQuery += a * a;
    ofStored += b * b;
  }
  return ofQuery === 0 || ofStored === 0 ? 1 : 1 - dot / Math.sqrt(ofQuery * ofStored);
}

/** The numbers in a stored value. */
export const storedVector = (blob: Uint8Array): Int16Array => new Int16Array(blob.slice().buffer);

/** In how many bits two codes of the same length differ. */
export function differingBits(one: Uint8Array, other: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < one.length; index += 1)
    sum += onesIn[(one[index] ?? 0) ^ (other[index] ?? 0)] ?? 0;
  return sum;
}

/** How many bits of each byte are set. */
const onesIn = Uint8Array.from({ length: 256 }, (_, byte) => {
  let ones = 0;
  for (let rest = byte; rest > 0; rest >>= 1) ones += rest & 1;
  return ones;
});
