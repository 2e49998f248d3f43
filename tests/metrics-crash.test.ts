import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from './support/eventually.ts';
import { type GatewayProcess, scratchDirectory, spawnGateway } from './support/gateway-process.ts';
import { noClaude } from './support/no-claude.ts';
import { testEnvironment } from './support/test-gateway.ts';

const [files, requestsOfEach, kills] = [20, 2_000, 2];

let home: string;
const started: GatewayProcess[] = [];
beforeEach(() => {
  home = scratchDirectory();
});
afterEach(async () => {
  for (const { child, exited } of started.splice(0)) {
    child.kill('SIGKILL');
    await exited;
  }
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

function start(): GatewayProcess {
  const environment = { ...testEnvironment(home, 'http://127.0.0.1:9'), ...noClaude };
  const gateway = spawnGateway(environment, home);
  started.push(gateway);
  return gateway;
}

/** Each request in two lines, of which the second says all of its tokens. */
function writeTranscripts(): void {
  for (let file = 0; file < files; file += 1) {
    const directory = join(home, '.claude', 'projects', `p${file}`);
    mkdirSync(directory, { recursive: true });
    const lines = Array.from({ length: requestsOfEach }, (_, n) =>
      [1, 3]
        .map((output_tokens) =>
          JSON.stringify({
            type: 'assistant',
            sessionId: `s${file}`,
            timestamp: '2026-01-01T17:30:00.000Z',
            message: {
              id: `m${file}-${n}`,
              model: 'claude-sonnet-4-5',
              content: 'x'.repeat(1_000),
              usage: { input_tokens: 2, output_tokens },
            },
          }),
        )
        .join('\n'),
    );
    writeFileSync(join(directory, 's.jsonl'), `${lines.join('\n')}\n`);
  }
}

/** Requests that are counted so far. */
function counted(): number {
  const database = new Sqlite(join(home, 'gateway.db'), { readonly: true });
  try {
    return database.prepare<[], number>('SELECT count(*) FROM usage_seen').pluck().get() ?? 0;
  } finally {
    database.close();
  }
}

test('killed while it reads usage, it counts everything, and nothing twice', async () => {
  writeTranscripts();
  let before = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const gateway = start();
    const client = createClient({ baseUrl: await gateway.url });
    const refresh = client.call(operations.refreshMetrics, {}).catch(() => undefined);
    const seen = await eventually('some of it is counted', () => {
      const now = counted();
      return now > before ? now : undefined;
    });
    gateway.child.kill('SIGKILL');
    await gateway.exited;
    await refresh;
    // It goes on from where it was.
    before = Math.max(seen, counted());
    expect(before).toBeLessThan(files * requestsOfEach);
  }
  const client = createClient({ baseUrl: await start().url });
  const { claude_usage } = await client.call(operations.getMetrics, {});
  expect(claude_usage).toMatchObject({
    total_sessions: files,
    total_requests: files * requestsOfEach,
    model_usage: {
      'claude-sonnet-4-5': {
        requests: files * requestsOfEach,
        input_tokens: 2 * files * requestsOfEach,
        output_tokens: 3 * files * requestsOfEach,
      },
    },
    transcripts: { files, broken_lines: 0 },
  });
}, 90_000);
