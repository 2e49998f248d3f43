import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import type { GatewayProcess } from '../gateway-process.ts';
import { gatewayProgram } from '../gateway-program.ts';
import { GatewayProbe, withProbe } from '../load/gateway-probe.ts';
import { describeMachine } from '../machine.ts';
import type { SuiteOptions } from '../main.ts';
import { processorSeconds } from '../process-figures.ts';
import { atLeast, atMost, type Goal, type Measurement, measured, type Result } from '../result.ts';
import { type BenchPlace, openBenchPlace } from '../turns/bench-place.ts';
import { createRandom } from './random.ts';
import { SessionWriter, type WrittenUsage, writeTranscripts } from './write-transcripts.ts';

const megabyte = 1_000_000;
/** What is added is newer than all else. */
const addedMs = Date.parse('2027-01-05T08:00:00Z');
/** The gateway looks at the processors for a moment where it did so just before. */
const apartMs = 400;

interface Figures {
  readonly megabytes: number;
  readonly firstMs: number;
  /** Of all threads. */
  readonly firstProcessorSeconds: number;
  readonly refreshMs: readonly number[];
  /** Of each of them, on average. */
  readonly refreshProcessorSeconds: number;
  /** Nothing was added. */
  readonly idleMs: readonly number[];
  readonly firstLoopMs: number;
  readonly refreshLoopMs: number;
}

/** Claude's usage, read from many transcripts, and read again after something was added. */
export async function usage({ quick, gateway, size, files, say }: SuiteOptions): Promise<Result> {
  const startedAt = new Date();
  const built = await gatewayProgram(gateway);
  const scratch = await openBenchPlace(built);
  const probeFile = join(await scratch.directory(), 'stretches');
  const place = await openBenchPlace(withProbe(built, probeFile));
  const machine = describeMachine(place.claudeVersion);
  try {
    const config = await scratch.directory();
    const process = await place.gateway({ CLAUDE_CONFIG_DIR: config });
    const probe = new GatewayProbe(process.pid, probeFile);
    say(`${size} MB in ${files} files`);
    const rounds = quick ? 2 : 10;
    const figures = await measure(process, probe, join(config, 'projects'), {
      amount: { files, bytes: size * megabyte },
      rounds,
      say,
    });
    return {
      suite: 'usage',
      quick,
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      machine,
      measurements: measurementsOf(figures),
      goals: goalsOf(figures),
    };
  } finally {
    await closeAll(place, scratch);
  }
}

async function closeAll(...places: readonly BenchPlace[]): Promise<void> {
  for (const place of places) await place.close();
}

interface Course {
  readonly amount: { readonly files: number; readonly bytes: number };
  readonly rounds: number;
  readonly say: (line: string) => void;
}

async function measure(
  process: GatewayProcess,
  probe: GatewayProbe,
  directory: string,
  { amount, rounds, say }: Course,
): Promise<Figures> {
  const client = createClient({ baseUrl: process.url });
  // Until the whole answer is there. What a client makes of it is its own time, in this very process.
  const refresh = async (): Promise<number> => {
    const startedAt = performance.now();
    const answer = await fetch(`${process.url}/api/metrics/refresh`, { method: 'POST' });
    await answer.arrayBuffer();
    if (!answer.ok) throw new Error(`the metrics were not refreshed: ${answer.status}`);
    return performance.now() - startedAt;
  };
  const check = async (expected: WrittenUsage): Promise<void> => {
    const { claude_usage } = await client.call(operations.getMetrics, {});
    const found = Object.values(claude_usage.model_usage).reduce(
      (sum, { output_tokens }) => sum + output_tokens,
      0,
    );
    if (found !== expected.outputTokens || claude_usage.total_requests !== expected.requests)
      throw new Error(`${found} tokens were counted of ${expected.outputTokens}`);
  };
  // With nothing to read: what is loaded then is not loaded later.
  await refresh();
  const written = await writeTranscripts(directory, amount);
  say('first read');
  await probe.ask();
  const before = await processorSeconds(process.pid);
  const firstMs = await refresh();
  const firstProcessorSeconds = (await processorSeconds(process.pid)) - before;
  const firstLoopMs = (await probe.ask()).loop.max;
  await check(written);
  say('refreshes');
  const refreshMs: number[] = [];
  const idleMs: number[] = [];
  let total = written;
  let processor = 0;
  for (let round = 0; round < rounds; round += 1) {
    const session = new SessionWriter(`added-${round}`, createRandom(100 + round), addedMs);
    while (session.bytes < megabyte) session.writeTurn();
    await appendFile(join(directory, '-home-me-project-0', 'session-0.jsonl'), session.text());
    total = {
      requests: total.requests + session.requests,
      prompts: total.prompts + session.prompts,
      outputTokens: total.outputTokens + session.outputTokens,
      bytes: total.bytes + session.bytes,
    };
    await sleep(apartMs);
    const before = await processorSeconds(process.pid);
    refreshMs.push(await refresh());
    processor += (await processorSeconds(process.pid)) - before;
    await sleep(apartMs);
    idleMs.push(await refresh());
  }
  const refreshLoopMs = (await probe.ask()).loop.max;
  await check(total);
  const megabytes = written.bytes / megabyte;
  return {
    ...{ megabytes, firstMs, firstProcessorSeconds },
    ...{ refreshMs, idleMs, firstLoopMs, refreshLoopMs },
    refreshProcessorSeconds: processor / rounds,
  };
}

const measurementsOf = (figures: Figures): Measurement[] => [
  measured('first', 'first read', [figures.firstMs]),
  measured('first_rate', 'first read', [rateOf(figures.megabytes, figures.firstMs / 1000)], 'MB/s'),
  measured(
    'first_core_rate',
    'first read, for each second of a core',
    [rateOf(figures.megabytes, figures.firstProcessorSeconds)],
    'MB/s',
  ),
  measured('refresh', 'after 1 MB was added', figures.refreshMs),
  measured('refresh_core', 'the same, time of a core', [figures.refreshProcessorSeconds * 1000]),
  measured('idle', 'with nothing added', figures.idleMs),
  measured('first_loop', 'event loop late: first read', [figures.firstLoopMs]),
  measured('refresh_loop', 'event loop late: afterwards', [figures.refreshLoopMs]),
];

const goalsOf = (figures: Figures): Goal[] => [
  atLeast({
    text: 'first read, for each second of a core',
    value: rateOf(figures.megabytes, figures.firstProcessorSeconds),
    limit: 100,
    unit: 'MB/s',
  }),
  atLeast({
    text: 'first read ÷ after 1 MB was added, p50',
    value: figures.firstMs / measured('', '', figures.refreshMs).p50,
    limit: 50,
    unit: '×',
  }),
  atMost({
    text: 'event loop late, at most',
    value: Math.max(figures.firstLoopMs, figures.refreshLoopMs),
    limit: 20,
    unit: 'ms',
  }),
];

const rateOf = (megabytes: number, seconds: number): number => megabytes / seconds;
