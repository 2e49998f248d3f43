import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayProgram } from '../gateway-program.ts';
import { describeMachine } from '../machine.ts';
import type { SuiteOptions } from '../main.ts';
import type { Result } from '../result.ts';
import { openBenchPlace } from '../turns/bench-place.ts';
import { measurementsOf } from './figures.ts';
import { GatewayProbe, withProbe } from './gateway-probe.ts';
import { goalsOf } from './goals.ts';
import { runLoad } from './load-run.ts';
import { meanMessages, planLoad } from './plan.ts';

/** How much is asked of the gateway. */
interface Amount {
  readonly chats: number;
  readonly atWork: number;
  /** Warm processes: as many as chats at work, so that a burst is answered by one process. */
  readonly warm: number;
}

const full: Amount = { chats: 200, atWork: 40, warm: 40 };
const small: Amount = { chats: 20, atWork: 12, warm: 12 };
const slots = 16;

/** 200 chats with 2,000 turns on 16 slots, and readers of all speeds. */
export async function load({ quick, gateway, say }: SuiteOptions): Promise<Result> {
  const startedAt = new Date();
  const directory = await mkdtemp(join(tmpdir(), 'mcb-probe-'));
  const file = join(directory, 'stretches');
  const place = await openBenchPlace(withProbe(await gatewayProgram(gateway), file));
  const machine = describeMachine(place.claudeVersion);
  try {
    const { chats, atWork, warm } = quick ? small : full;
    const process = await place.gateway({
      GATEWAY_MAX_CLAUDE_PROCESSES: String(slots),
      GATEWAY_MAX_WARM_SESSIONS: String(warm),
      // On a machine that others use too, the last of a burst may wait for minutes.
      GATEWAY_QUEUE_WAIT_TIMEOUT: '600',
    });
    const probe = new GatewayProbe(process.pid, file);
    say(`${chats} chats, ${chats * meanMessages} turns`);
    const run = await runLoad({ chats: planLoad(chats), atWork }, process, probe, say);
    return {
      suite: 'load',
      quick,
      startedAt: startedAt.toISOString(),
      seconds: (Date.now() - startedAt.getTime()) / 1000,
      machine,
      measurements: measurementsOf(run),
      goals: goalsOf(run, !quick, say),
    };
  } finally {
    await place.close();
    await rm(directory, { recursive: true, force: true });
  }
}
