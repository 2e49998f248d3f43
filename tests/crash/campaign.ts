import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import { checkRound } from './checks/all-checks.ts';
import type { Fault, RoundEvidence } from './evidence.ts';
import { freePort } from './gateway-under-test.ts';
import { markedProcessesOf } from './left-processes.ts';
import { Round, type Stage } from './round.ts';
import { describeRound, Totals } from './totals.ts';
import { planRound } from './workload.ts';

const builtGateway = fileURLToPath(new URL('../../packages/gateway/dist/main.js', import.meta.url));

/** More of them tell nothing new. */
const tooManyFaulty = 10;

export interface CampaignOptions {
  readonly seed: number;
  /** From the first to the last, both included. */
  readonly rounds: { readonly first: number; readonly last: number };
  /** Another build of the gateway. */
  readonly main?: string;
  /** Whether to play on, in a new home, after a round with faults. */
  readonly goesOn: boolean;
  readonly say: (line: string) => void;
}

export interface CampaignResult {
  readonly totals: Totals;
  readonly faults: readonly string[];
}

/**
 * Play rounds on one home directory, so that what a death damages is there for the next ones. What a
 * round with faults leaves is kept: its home, the gateway's log, and the evidence.
 */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { seed, rounds, goesOn, say } = options;
  const faults: string[] = [];
  const totals = new Totals();
  let faulty = 0;
  let scene = await openScene(options);
  try {
    for (let round = rounds.first; round <= rounds.last; round += 1) {
      const began = performance.now();
      const found = await playOne(seed, round, scene, totals, say, began);
      if (found.length === 0) continue;
      faults.push(...found);
      for (const line of found) say(line);
      say(`kept: ${scene.directory}`);
      await scene.close(true);
      faulty += 1;
      if (!goesOn || faulty === tooManyFaulty) break;
      scene = await openScene(options);
    }
  } finally {
    await scene.close(false);
  }
  return { totals, faults };
}

async function playOne(
  seed: number,
  round: number,
  { stage, directory }: Scene,
  totals: Totals,
  say: (line: string) => void,
  began: number,
): Promise<string[]> {
  const plan = planRound(seed, round);
  try {
    const evidence = await new Round(plan, stage).play();
    const faults = checkRound(evidence);
    totals.add(evidence, performance.now() - began);
    say(describeRound(evidence, performance.now() - began));
    if (faults.length > 0) keep(directory, evidence);
    return faults.map((fault) => lineOf(seed, round, fault));
  } catch (error) {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [lineOf(seed, round, { check: 'gateway', what })];
  }
}

const lineOf = (seed: number, round: number, { check, chat, message, what }: Fault): string =>
  `FAULT seed ${seed}, round ${round}${chat === undefined ? '' : `, chat ${chat}`}` +
  `${message === undefined ? '' : `, message ${message}`}: ${check}: ${what}`;

function keep(directory: string, evidence: RoundEvidence): void {
  const json = JSON.stringify(
    evidence,
    (_key, value: unknown) => (value instanceof Map ? [...value] : value),
    1,
  );
  writeFileSync(join(directory, `round-${evidence.plan.round}.json`), json);
}

interface Scene {
  readonly stage: Stage;
  readonly directory: string;
  /** Can be called twice: the first call counts. */
  readonly close: (keepFiles: boolean) => Promise<void>;
}

async function openScene({ main = builtGateway }: CampaignOptions): Promise<Scene> {
  const directory = mkdtempSync(join(tmpdir(), 'mcb-crash-'));
  const home = join(directory, 'home');
  mkdirSync(home);
  const fake = await startFakeAnthropic({ keep: 1_000 });
  const log = join(directory, 'gateway.log');
  const site = { main, home, port: await freePort(), apiUrl: fake.url, log };
  let closed = false;
  const close = async (keepFiles: boolean): Promise<void> => {
    if (closed) return;
    closed = true;
    for (const { pid } of await markedProcessesOf(home)) endProcess(pid);
    await fake.close();
    if (!keepFiles) rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  return { stage: { site, fake, generation: 0 }, directory, close };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended meanwhile.
  }
}
