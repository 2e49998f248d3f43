/** How well an item answers a query, by its id: 1 to 3; an item that is not named doesn't answer it. */
export type Judgements = Readonly<Record<string, number>>;

const gain = (grade: number): number => 2 ** grade - 1;

const discounted = (grades: readonly number[]): number =>
  grades.reduce((sum, grade, index) => sum + gain(grade) / Math.log2(index + 2), 0);

/**
 * Normalised discounted cumulative gain of the first k results, 0 to 1: how near the order comes to the best
 * possible one, with the gain 2^grade - 1 (Järvelin and Kekäläinen, 2002; this gain by Burges et al., 2005).
 * @param ranked ids, best first, each once
 * @throws RangeError without a judgement
 */
export function ndcg(ranked: readonly string[], judged: Judgements, k: number): number {
  const ideal = Object.values(judged).sort((a, b) => b - a);
  if (ideal.length === 0) throw new RangeError('nothing is judged relevant');
  const grades = ranked.slice(0, k).map((id) => judged[id] ?? 0);
  return discounted(grades) / discounted(ideal.slice(0, k));
}

/**
 * The share of all relevant items that is among the first k results, 0 to 1.
 * @throws RangeError without a relevant item
 */
export function recall(
  ranked: readonly string[],
  relevant: ReadonlySet<string>,
  k: number,
): number {
  if (relevant.size === 0) throw new RangeError('nothing is relevant');
  return ranked.slice(0, k).filter((id) => relevant.has(id)).length / relevant.size;
}
