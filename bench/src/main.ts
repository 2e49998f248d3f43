import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cron } from './cron/suite.ts';
import { load } from './load/suite.ts';
import { formatResult } from './report.ts';
import type { Result } from './result.ts';
import { search } from './search/suite.ts';
import { turns } from './turns/suite.ts';
import { usage as usageSuite } from './usage/suite.ts';

/** How a suite is to be run. */
export interface SuiteOptions {
  /** Fewer samples: to see that it works, not to judge by. */
  readonly quick: boolean;
  /** The gateway's program; undefined: built from the sources first. */
  readonly gateway: string | undefined;
  /** URL of a real Ollama to take vectors from, where a suite needs some; undefined: the benchmark's own. */
  readonly ollama: string | undefined;
  /** How many rows, where a suite has many; undefined: its own number. */
  readonly rows: number | undefined;
  /** How much there is to read, in megabytes and files; for `usage`. */
  readonly size: number;
  readonly files: number;
  readonly say: (line: string) => void;
}

interface Suite {
  readonly run: (options: SuiteOptions) => Promise<Result>;
  /** A goal that is not met fails the run. Of speed the machine has a say, so that it does not. */
  readonly strict: boolean;
}

const suites: Readonly<Record<string, Suite>> = {
  turns: { run: turns, strict: false },
  load: { run: load, strict: true },
  cron: { run: cron, strict: false },
  search: { run: search, strict: false },
  usage: { run: usageSuite, strict: false },
};

const usage = `usage: npm run bench -- SUITE [--quick] [--json FILE] [--gateway MAIN.js] [--ollama URL] [--rows N] [--size MB] [--files N]
suites: ${Object.keys(suites).join(', ')}`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      gateway: { type: 'string' },
      ollama: { type: 'string' },
      rows: { type: 'string' },
      size: { type: 'string', default: '400' },
      files: { type: 'string', default: '800' },
    },
  });
  const [name] = positionals;
  const suite = name === undefined ? undefined : suites[name];
  if (name === undefined || suite === undefined || positionals.length > 1) {
    console.error(usage);
    return 2;
  }
  const result = await suite.run({
    quick: values.quick,
    gateway: values.gateway === undefined ? undefined : resolve(values.gateway),
    ollama: values.ollama,
    rows: values.rows === undefined ? undefined : Number(values.rows),
    size: Number(values.size),
    files: Number(values.files),
    say: (line) => console.error(line),
  });
  console.log(formatResult(result));
  const stamp = result.startedAt.replace(/\D/g, '').slice(0, 14);
  const file = resolve(values.json ?? join('bench', 'results', `${name}-${stamp}.json`));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`\nAs JSON: ${file}`);
  return suite.strict && result.goals.some(({ met }) => !met) ? 1 : 0;
}

// Whatever a failed run still waits for must not keep the program alive.
process.exit(
  await main().catch((error: unknown) => {
    console.error(error);
    return 1;
  }),
);
