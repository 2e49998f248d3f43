import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { startFakeAnthropic } from '@mini-claude-bot/fake-anthropic';
import { startFakeTelegram } from '@mini-claude-bot/fake-telegram';
import { expect, test } from 'vitest';
import { scratchDirectory, spawnGateway } from '../support/gateway-process.ts';
import { testEnvironment } from '../support/test-gateway.ts';
import { batches, batchModel, ChainScene } from './chain-scene.ts';
import { randomOfRound } from './random.ts';

const scenes = 5;
const killsInEach = 5;

test(
  `chains and deliveries, killed ${scenes * killsInEach} times at random moments: each batch once, each delivery once, in order`,
  async () => {
    const seed = Number(process.env.CRASH_SEED ?? randomInt(2 ** 32));
    console.log(`seed ${seed} (CRASH_SEED=${seed} plays the same deaths)`);
    const diedAfter: number[] = [];
    const home = scratchDirectory();
    const fake = await startFakeAnthropic({ script: batchModel });
    // A little late, as Telegram is: what dies meanwhile is on its way.
    const telegram = await startFakeTelegram({ script: () => ({ kind: 'late', ms: 10 }) });
    try {
      // The database is made before anything is put into it.
      const first = spawnGateway(testEnvironment(home, fake.url), home);
      await first.url;
      first.child.kill('SIGTERM');
      await first.exited;
      for (let scene = 1; scene <= scenes; scene += 1) {
        const played = new ChainScene({ home, fake, telegram }, scene);
        expect(await played.play(killsInEach, randomOfRound(seed, scene)), `seed ${seed}`).toEqual(
          [],
        );
        diedAfter.push(...played.diedAfter);
      }
      console.log(`deaths after so many of the ten batches: ${diedAfter.join(' ')}`);
      // Else it would prove little.
      const midway = diedAfter.filter((done) => done > 0 && done < batches);
      expect(midway.length).toBeGreaterThan(scenes);
    } finally {
      await telegram.close();
      await fake.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    }
  },
  20 * 60_000,
);
