import { randomInt } from 'node:crypto';
import { expect, test } from 'vitest';
import { runCampaign } from './campaign.ts';

const rounds = 25;
/** Rounds take about three seconds; a machine that has other work needs more. */
const timeoutMs = 10 * 60_000;

test(
  `killed at random moments for ${rounds} rounds, it loses nothing and repeats nothing`,
  async () => {
    const seed = Number(process.env.CRASH_SEED ?? randomInt(2 ** 32));
    const lines = [`seed ${seed} (CRASH_SEED=${seed} plays the same rounds)`];
    console.log(lines[0]);
    const { faults, totals } = await runCampaign({
      seed,
      rounds: { first: 1, last: rounds },
      goesOn: false,
      say: (line) => void lines.push(line),
    });
    console.log(totals.describe().join('\n'));
    expect(faults, lines.join('\n')).toEqual([]);
    expect(totals.rounds).toBe(rounds);
  },
  timeoutMs,
);
