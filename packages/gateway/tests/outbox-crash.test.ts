import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Answer,
  type Call,
  type FakeTelegram,
  startFakeTelegram,
} from '@mini-claude-bot/fake-telegram';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { bundle } from '../../../scripts/bundle.mjs';

const rounds = 25;
const deliveries = 50;
const chats = ['1', '2', '3', '4'];

/** Inside the tree, so that the host finds what is not bundled. */
let directory: string;
beforeAll(async () => {
  const modules = join(import.meta.dirname, '..', '..', '..', 'node_modules');
  directory = mkdtempSync(join(modules, '.outbox-crash-'));
  await bundle({ host: join(import.meta.dirname, 'support', 'outbox-host.ts') }, directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constant('**done**, as asked') },
  { weight: 2, arbitrary: fc.constant(`a longer one ${'with many words '.repeat(400)}`) },
  { weight: 1, arbitrary: fc.constant(`a very long one ${'with many words '.repeat(1500)}`) },
);
const answer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 150, arbitrary: fc.nat(20).map((ms) => ({ kind: 'late' as const, ms })) },
  { weight: 1, arbitrary: fc.constant({ kind: 'refuse', status: 500 } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'lost', by: 'cut' } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'refuse', status: 400 } as const) },
  { weight: 1, arbitrary: fc.constant({ kind: 'refuse', status: 429, retryAfter: 0 } as const) },
);
const roundPlan = fc.record({
  deliveries: fc.array(fc.record({ chatId: fc.constantFrom(...chats), text, afterMs: fc.nat(8) }), {
    minLength: deliveries,
    maxLength: deliveries,
  }),
  answers: fc.array(answer, { minLength: 200, maxLength: 200 }),
  /** Milliseconds from the moment that it works to its death. */
  kills: fc.array(fc.nat(400), { minLength: 1, maxLength: 4 }),
});
type RoundPlan = typeof roundPlan extends fc.Arbitrary<infer P> ? P : never;

const Part = z.object({
  seq: z.int(),
  chat_id: z.string(),
  source_id: z.string(),
  state: z.string(),
  text: z.string(),
  message_id: z.int().nullable(),
  maybe_duplicate: z.int(),
});

/** What the rows say, in the order in which it was to be told. */
function storedParts(databasePath: string) {
  const database = new Sqlite(databasePath, { readonly: true });
  try {
    const results = database.prepare(
      'SELECT count(*) FROM results r JOIN deliveries d ON d.id = r.delivery',
    );
    const parts = database.prepare(`
      SELECT d.seq, d.chat_id, d.source_id, d.state, p.text, p.message_id, p.maybe_duplicate
      FROM deliveries d LEFT JOIN delivery_parts p ON p.delivery_seq = d.seq ORDER BY d.seq, p.n`);
    return { results: results.pluck().get(), parts: z.array(Part).parse(parts.all()) };
  } finally {
    database.close();
  }
}

/** Run the host until it has sent all, killed as often as planned. @returns how often it was killed */
async function play(plan: RoundPlan, databasePath: string, fake: FakeTelegram): Promise<number> {
  const planPath = `${databasePath}.plan`;
  // What is told tells which it is.
  const numbered = plan.deliveries.map((d, n) => ({ ...d, text: `${n}: ${d.text}` }));
  writeFileSync(planPath, JSON.stringify(numbered));
  let killed = 0;
  for (const kill of [...plan.kills, undefined]) {
    const host = spawn(
      process.execPath,
      [join(directory, 'host.js'), databasePath, fake.url, planPath],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      const exited = once(host, 'exit');
      // The first that it prints is that it works.
      await Promise.race([once(host.stdout, 'data'), exited]);
      if (kill === undefined) {
        expect(await exited).toEqual([0, null]);
      } else {
        await Promise.race([sleep(kill), exited]);
        if (host.kill('SIGKILL')) killed += 1;
        await exited;
      }
    } finally {
      host.kill('SIGKILL');
    }
  }
  return killed;
}

/** What is wrong after a round, in words. */
function faultsOf(databasePath: string, fake: FakeTelegram): string[] {
  const { results, parts } = storedParts(databasePath);
  const faults: string[] = [];
  const told = new Set(parts.map(({ source_id }) => source_id));
  if (results !== deliveries || told.size !== deliveries) {
    faults.push(`${results} results have a delivery, and ${told.size} were told`);
  }
  for (const { state, text: words, message_id } of parts) {
    const message = fake.messages.find(({ messageId }) => messageId === message_id);
    if (state !== 'delivered' || message?.text !== words) {
      faults.push(`${state}, message ${message_id}: ${words.slice(0, 40)}`);
    }
  }
  for (const chatId of chats) faults.push(...orderFaults(chatId, parts, fake));
  return faults;
}

/** Each message once, in its place; one of which the row says so may stand there several times. */
function orderFaults(
  chatId: string,
  parts: readonly z.infer<typeof Part>[],
  fake: FakeTelegram,
): string[] {
  const seen = fake.textsIn(chatId);
  let at = 0;
  for (const { text: words, maybe_duplicate } of parts.filter((part) => part.chat_id === chatId)) {
    if (seen[at] !== words)
      return [`chat ${chatId}, message ${at}: ${seen[at]?.slice(0, 40)} for ${words.slice(0, 40)}`];
    at += 1;
    while (maybe_duplicate === 1 && seen[at] === words) at += 1;
  }
  return at === seen.length ? [] : [`chat ${chatId} has ${seen.length - at} messages too many`];
}

test(
  `killed at random moments for ${rounds} rounds, each of ${deliveries} deliveries arrives once, or says so`,
  async () => {
    const seed = Number(process.env.CRASH_SEED ?? randomInt(2 ** 31));
    const totals = { kills: 0, doubtful: 0, messages: 0, marked: 0, repeated: 0 };
    for (const [round, plan] of fc.sample(roundPlan, { seed, numRuns: rounds }).entries()) {
      const home = join(directory, String(round));
      mkdirSync(home);
      const databasePath = join(home, 'gateway.db');
      let calls = 0;
      const script = ({ fields }: Call): Answer | undefined => {
        const planned = plan.answers[calls++ % plan.answers.length];
        // What is refused without styles too is given up.
        const styled = Array.isArray(fields.entities) && fields.entities.length > 0;
        if (planned?.kind === 'lost' || (planned?.kind === 'refuse' && planned.status === 500))
          totals.doubtful += 1;
        return planned?.kind === 'refuse' && planned.status === 400 && !styled
          ? undefined
          : planned;
      };
      const fake = await startFakeTelegram({ script });
      try {
        totals.kills += await play(plan, databasePath, fake);
        expect(faultsOf(databasePath, fake), `CRASH_SEED=${seed}, round ${round}`).toEqual([]);
        const { parts } = storedParts(databasePath);
        totals.messages += parts.length;
        totals.marked += parts.filter((part) => part.maybe_duplicate === 1).length;
        totals.repeated += fake.messages.length - parts.length;
      } finally {
        await fake.close();
      }
    }
    console.log(`CRASH_SEED=${seed}: ${JSON.stringify(totals)}`);
    expect(totals.kills).toBeGreaterThan(rounds / 2);
    // What was on its way at a death, one in each chat, and what Telegram did not say clearly: no more is marked.
    expect(totals.marked).toBeLessThanOrEqual(totals.kills * chats.length + totals.doubtful);
  },
  10 * 60_000,
);
