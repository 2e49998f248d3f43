import { untilQuiet } from '../process-figures.ts';
import type { Contender, Sample } from './contender.ts';

export type Samples = ReadonlyMap<string, readonly Sample[]>;

/**
 * Measure all contenders in turns, beginning with another one in each round, so that whatever else
 * happens on the machine hits them alike. Those that stay alive between samples are warmed up first.
 */
export async function race(
  contenders: readonly Contender[],
  rounds: number,
  say: (line: string) => void,
): Promise<Samples> {
  const all = new Map<string, Sample[]>(contenders.map(({ id }) => [id, []]));
  for (const contender of contenders) if (contender.perRound > 1) await measure(contender);
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of heat(contenders, round))
      all.get(contender.id)?.push(...(await measure(contender)));
    say(`  round ${round + 1} of ${rounds}`);
  }
  return all;
}

/** The order of one round: laps, in each of which those take part that have samples left to give. */
function heat(contenders: readonly Contender[], round: number): Contender[] {
  const shift = round % contenders.length;
  const turned = [...contenders.slice(shift), ...contenders.slice(0, shift)];
  const laps = Math.max(...contenders.map(({ perRound }) => perRound));
  return Array.from({ length: laps }, (_, lap) =>
    turned.filter(({ perRound }) => lap < perRound),
  ).flat();
}

async function measure(contender: Contender): Promise<readonly Sample[]> {
  await contender.prepare?.();
  await untilQuiet();
  const samples = await contender.sample();
  await contender.cleanUp?.();
  return samples;
}

/** Times to the first text. */
export const firsts = (samples: Samples, id: string): number[] =>
  (samples.get(id) ?? []).flatMap(({ firstMs }) => (firstMs === undefined ? [] : [firstMs]));

/** Times to the end of the answer. */
export const wholes = (samples: Samples, id: string): number[] =>
  (samples.get(id) ?? []).map(({ wholeMs }) => wholeMs);
