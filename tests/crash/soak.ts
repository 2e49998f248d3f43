// Plays as many rounds of the crash harness as asked:
//   npm run soak -- [--rounds 500] [--seed 1] [--first 1] [--main path/to/main.js] [--stop-at-fault]
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '500' },
    seed: { type: 'string' },
    first: { type: 'string', default: '1' },
    main: { type: 'string' },
    'stop-at-fault': { type: 'boolean', default: false },
  },
});
const seed = values.seed === undefined ? randomInt(2 ** 32) : Number(values.seed);
const first = Number(values.first);
const last = first + Number(values.rounds) - 1;
if (![seed, first, last].every(Number.isSafeInteger)) {
  console.error('--seed, --first and --rounds are whole numbers');
  process.exit(2);
}
const say = (line: string): void => console.log(line);
say(`seed ${seed}, rounds ${first} to ${last}`);
const { totals, faults } = await runCampaign({
  seed,
  rounds: { first, last },
  goesOn: !values['stop-at-fault'],
  say,
  ...(values.main === undefined ? {} : { main: values.main }),
});
for (const line of totals.describe()) say(line);
say(faults.length === 0 ? 'no faults' : `${faults.length} FAULTS, seed ${seed}:`);
for (const line of faults) say(line);
process.exitCode = faults.length === 0 ? 0 : 1;
