import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../gateway-process.ts';
import { gatewayProgram } from '../gateway-program.ts';
import { GatewayProbe, withProbe } from '../load/gateway-probe.ts';
import { describeMachine } from '../machine.ts';
import type { SuiteOptions } from '../main.ts';
import type { Result } from '../result.ts';
import { type BenchPlace, openBenchPlace } from '../turns/bench-place.ts';
import { servedModel } from './embedder/ollama-server.ts';
import { startServerProcess } from './embedder/server-process.ts';
import { qualityTable, scaleMeasurements } from './figures.ts';
import { qualityGoals, scaleGoals } from './goals.ts';
import { measureQuality } from './quality/measure-quality.ts';
import { type ClassScore, scoreClasses } from './quality/scores.ts';
import { measureScale, type ScaleAmount } from './scale/measure-scale.ts';

const full: ScaleAmount = { rows: 100_000, searches: 200, turns: 100 };
const small: ScaleAmount = { rows: 3_000, searches: 20, turns: 5 };

/**
 * How good the results of a search are, by a corpus with judged answers; and how fast it is with many rows. On a real
 * Ollama the first alone is measured: to embed the many rows would take it hours.
 */
export async function search({ quick, gateway, ollama, rows, say }: SuiteOptions): Promise<Result> {
  const startedAt = new Date();
  const directory = await mkdtemp(join(tmpdir(), 'mcb-probe-'));
  const file = join(directory, 'stretches');
  const place = await openBenchPlace(withProbe(await gatewayProgram(gateway), file));
  const machine = describeMachine(place.claudeVersion);
  try {
    say('quality');
    const scores = await qualityOn(place, ollama);
    const scale =
      ollama === undefined
        ? await measureScale(
            place,
            ({ pid }) => new GatewayProbe(pid, file),
            { ...(quick ? small : full), ...(rows === undefined ? {} : { rows }) },
            say,
          )
        : undefined;
    return {
      suite: 'search',
      quick,
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      machine,
      tables: [qualityTable(scores)],
      measurements: scale === undefined ? [] : scaleMeasurements(scale),
      goals: [...qualityGoals(scores), ...(scale === undefined ? [] : scaleGoals(scale))],
    };
  } finally {
    await place.close();
    await rm(directory, { recursive: true, force: true });
  }
}

/** @param ollama URL of a real one; undefined: on the benchmark's own embedder */
async function qualityOn(place: BenchPlace, ollama: string | undefined): Promise<ClassScore[]> {
  if (ollama !== undefined) {
    const model = process.env.OLLAMA_EMBED_MODEL ?? servedModel;
    return scoreClasses(await measureQuality(place, { url: ollama, model }));
  }
  const server = await startServerProcess('lexicon', await freePort());
  try {
    return scoreClasses(await measureQuality(place, { url: server.url, model: servedModel }));
  } finally {
    await server.stop();
  }
}
