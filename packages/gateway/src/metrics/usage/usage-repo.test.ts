import type { TranscriptProgress, UsageRecord } from '@mini-claude-bot/claude/usage';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../db/database.ts';
import { openDatabase } from '../../db/open-database.ts';
import { builtInPrices } from './prices.ts';
import { ClosedDays, summarizeUsage } from './summarize-usage.ts';
import { transcriptProgress, UsageRepo } from './usage-repo.ts';

let database: Database;
let repo: UsageRepo;
beforeEach(() => {
  database = openDatabase(':memory:');
  repo = new UsageRepo(database);
});

const noon = Date.UTC(2026, 10, 27, 12);

type Request = Extract<UsageRecord, { kind: 'request' }>;
type Changes = Partial<Omit<Request, 'tokens' | 'kind'>> & {
  readonly tokens?: Partial<Request['tokens']>;
};

const request = (id: string, { tokens, ...changes }: Changes = {}): UsageRecord => ({
  kind: 'request',
  id,
  sessionId: 's1',
  atMs: noon,
  model: 'claude-opus-5-5',
  ...changes,
  tokens: { input: 1, output: 10, cacheRead: 100, cacheWrite5m: 0, cacheWrite1h: 0, ...tokens },
});

const prompt = (id: string, sessionId = 's1', atMs = noon): UsageRecord => ({
  kind: 'prompt',
  id,
  sessionId,
  atMs,
});

/** A turn of ours in that conversation. */
function addTurn(
  database: Database,
  sessionId: string | null,
  usd: number | null,
  atMs = noon,
): void {
  const message = database
    .prepare("INSERT INTO chat_messages (session_id, role, content) VALUES ('s', 'user', 'x')")
    .run().lastInsertRowid;
  database
    .prepare(`INSERT INTO turns (id, bot_id, chat_id, lane, origin, state, user_message_id, queued_at_ms,
      finished_at_ms, cost_usd, claude_session_id) VALUES (?, 'b', 'c', 'main', 'chat', 'completed', ?, 0, ?, ?, ?)`)
    .run(crypto.randomUUID(), message, atMs, usd, sessionId);
}

const summary = (timeZone = 'UTC') =>
  summarizeUsage(database, { prices: builtInPrices, fault: null, timeZone });

describe('what is counted', () => {
  test('requests and prompts, with their sessions, days and models', () => {
    repo.write(
      [
        prompt('u1'),
        request('m1'),
        request('m2', { model: 'claude-haiku-4-5', tokens: { cacheWrite5m: 5, cacheWrite1h: 2 } }),
        request('m3', { sessionId: 's2', atMs: noon + 86_400_000 }),
      ],
      undefined,
    );
    expect(summary()).toMatchObject({
      total_sessions: 2,
      total_messages: 4,
      total_requests: 3,
      first_session_date: '2026-11-27',
      model_usage: {
        'claude-opus-5-5': { requests: 2, input_tokens: 2, output_tokens: 20 },
        'claude-haiku-4-5': { requests: 1, cache_creation_tokens: 7, cache_read_tokens: 100 },
      },
      daily_activity: [
        { date: '2026-11-27', messages: 3, sessions: 1, requests: 2 },
        { date: '2026-11-28', messages: 1, sessions: 1, requests: 1 },
      ],
      context_avg: Math.round((101 + 108 + 101) / 3),
      context_max: 108,
    });
  });

  test('a request once, with the most that was told of it, however often it is told', () => {
    repo.write([request('m1', { tokens: { output: 3 } })], undefined);
    repo.write([request('m1', { tokens: { output: 18 } })], undefined);
    repo.write([request('m1', { sessionId: 'a fork', tokens: { output: 7 } })], undefined);
    expect(summary()).toMatchObject({ total_sessions: 1, total_messages: 1, total_requests: 1 });
    expect(summary().model_usage['claude-opus-5-5']).toMatchObject({
      requests: 1,
      output_tokens: 18,
      cache_read_tokens: 100,
    });
  });

  test('in whatever order and however often records come, the sums are the same', () => {
    const record = fc.record({
      id: fc.integer({ min: 0, max: 9 }),
      output: fc.nat({ max: 50 }),
      cacheRead: fc.nat({ max: 150_000 }),
    });
    fc.assert(
      fc.property(fc.array(record), fc.infiniteStream(fc.nat()), (records, cuts) => {
        const fresh = openDatabase(':memory:');
        const other = new UsageRepo(fresh);
        const made = records.map(({ id, output, cacheRead }) =>
          request(`m${id}`, { tokens: { output, cacheRead } }),
        );
        for (let rest = made; rest.length > 0; ) {
          const size = 1 + ((cuts.next().value ?? 0) % 4);
          other.write(rest.slice(0, size), undefined);
          rest = rest.slice(size);
        }
        const most = new Map<number, { output: number; cacheRead: number }>();
        for (const { id, output, cacheRead } of records) {
          const before = most.get(id) ?? { output: 0, cacheRead: 0 };
          most.set(id, {
            output: Math.max(before.output, output),
            cacheRead: Math.max(before.cacheRead, cacheRead),
          });
        }
        const options = { prices: builtInPrices, fault: null, timeZone: 'UTC' };
        const { total_requests, model_usage, context_max } = summarizeUsage(fresh, options);
        fresh.close();
        const sum = (of: 'output' | 'cacheRead') =>
          [...most.values()].reduce((total, tokens) => total + tokens[of], 0);
        expect(total_requests).toBe(most.size);
        expect(model_usage['claude-opus-5-5']?.output_tokens ?? 0).toBe(sum('output'));
        expect(model_usage['claude-opus-5-5']?.cache_read_tokens ?? 0).toBe(sum('cacheRead'));
        const longest = Math.max(0, ...[...most.values()].map(({ cacheRead }) => cacheRead + 1));
        expect(context_max).toBe(longest);
      }),
    );
  });

  test('a model with a strange name', () => {
    repo.write(
      [request('m1', { model: '__proto__' }), request('m2', { model: 'toString' })],
      undefined,
    );
    const { model_usage, daily_activity } = summary();
    expect(Object.keys(model_usage).toSorted()).toEqual(['__proto__', 'toString']);
    expect(Object.keys(daily_activity[0]?.tokens ?? {}).toSorted()).toEqual([
      '__proto__',
      'toString',
    ]);
  });
});

describe("days are the owner's", () => {
  test.each([
    ['Pacific/Kiritimati', Date.UTC(2026, 0, 1, 9, 59), '2026-01-01'],
    ['Pacific/Kiritimati', Date.UTC(2026, 0, 1, 10, 0), '2026-01-02'],
    ['America/Los_Angeles', Date.UTC(2026, 0, 1, 7, 59), '2025-12-31'],
    ['Asia/Kathmandu', Date.UTC(2026, 0, 1, 18, 14), '2026-01-01'],
    ['Asia/Kathmandu', Date.UTC(2026, 0, 1, 18, 15), '2026-01-02'],
    // The clock was set forward an hour before.
    ['Europe/Berlin', Date.UTC(2026, 2, 29, 21, 59), '2026-03-29'],
    ['Europe/Berlin', Date.UTC(2026, 2, 29, 22, 0), '2026-03-30'],
  ])('%s', (timeZone, atMs, date) => {
    repo.write([prompt('u1', 's1', atMs)], undefined);
    expect(summary(timeZone).daily_activity.map((day) => day.date)).toEqual([date]);
  });
});

test('what is kept of closed days is never stale, whatever is written', () => {
  const day = 86_400_000;
  const written = fc.record({
    id: fc.integer({ min: 0, max: 12 }),
    day: fc.integer({ min: 0, max: 3 }),
    session: fc.constantFrom('s1', 's2', 'ours'),
    output: fc.nat({ max: 9 }),
    isTurn: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(written, { maxLength: 20 }), (writes) => {
      const fresh = openDatabase(':memory:');
      const other = new UsageRepo(fresh);
      // Each of its own: with another zone all is added up anew.
      const zones = ['UTC', 'Asia/Kathmandu'].map((zone) => [zone, new ClosedDays()] as const);
      for (const { id, day: n, session, output, isTurn } of writes) {
        const atMs = noon + n * day;
        if (isTurn) addTurn(fresh, session, 0.1, atMs);
        else
          other.write(
            [request(`m${id}`, { sessionId: session, atMs, tokens: { output } })],
            undefined,
          );
        for (const [timeZone, closed] of zones) {
          const options = { prices: builtInPrices, fault: null, timeZone };
          expect(summarizeUsage(fresh, options, closed)).toEqual(summarizeUsage(fresh, options));
        }
      }
      fresh.close();
    }),
    { numRuns: 40 },
  );
});

describe('what it costs', () => {
  test('turns of ours cost what Claude Code says, all else by the table', () => {
    addTurn(database, 'ours', 0.25);
    addTurn(database, 'ours', 0.5, noon + 86_400_000);
    const million = { input: 1_000_000, output: 0, cacheRead: 0 };
    repo.write(
      [
        request('m1', { sessionId: 'ours', model: 'claude-sonnet-4-5', tokens: million }),
        request('m2', { sessionId: 'other', model: 'claude-sonnet-4-5', tokens: million }),
      ],
      undefined,
    );
    const { cost, daily_activity, model_usage } = summary();
    expect(cost).toEqual({
      own_usd: 0.75,
      other_usd: 3,
      total_usd: 3.75,
      unknown_models: [],
      price_fault: null,
    });
    expect(daily_activity.map((day) => day.cost_usd)).toEqual([3.25, 0.5]);
    expect(model_usage['claude-sonnet-4-5']?.cost_usd).toBe(6);
  });

  test('each kind of token has its price, and long requests may have others', () => {
    const tokens = {
      input: 1e6,
      output: 1e6,
      cacheRead: 1e6,
      cacheWrite5m: 1e6,
      cacheWrite1h: 1e6,
    };
    repo.write([request('m1', { model: 'claude-opus-5-5', tokens })], undefined);
    expect(summary().cost.other_usd).toBeCloseTo(4 + 20 + 0.2 + 5 + 8);
    repo.write([request('m2', { model: 'claude-haiku-5-5', tokens })], undefined);
    expect(summary().model_usage['claude-haiku-5-5']?.cost_usd).toBeCloseTo(
      0.5 + 2.5 + 0.05 + 0.625 + 1,
    );
    const short = { input: 1000, output: 0, cacheRead: 0 };
    repo.write(
      [request('m3', { model: 'claude-haiku-5-5', sessionId: 's3', tokens: short })],
      undefined,
    );
    expect(summary().model_usage['claude-haiku-5-5']?.cost_usd).toBeCloseTo(4.675 + 0.0001);
  });

  test('a turn of which the conversation is not known takes none away from others', () => {
    addTurn(database, null, 0.25);
    repo.write(
      [request('m1', { tokens: { input: 1_000_000, output: 0, cacheRead: 0 } })],
      undefined,
    );
    expect(summary().cost).toMatchObject({ own_usd: 0.25, other_usd: 4 });
  });

  test('the cost of a turn is of the day that it ended on', () => {
    addTurn(database, 'ours', 0.5, Date.UTC(2026, 0, 1, 18, 14, 59, 999));
    addTurn(database, 'ours', 0.25, Date.UTC(2026, 0, 1, 18, 15));
    const days = summary('Asia/Kathmandu').daily_activity;
    expect(days.map(({ date, cost_usd }) => [date, cost_usd])).toEqual([
      ['2026-01-01', 0.5],
      ['2026-01-02', 0.25],
    ]);
    expect(summary().first_session_date).toBeNull();
  });

  test('a model without a price is told, and is in no sum', () => {
    repo.write([request('m1', { model: 'llama-9' }), request('m2')], undefined);
    const { cost, model_usage } = summary();
    expect(cost.unknown_models).toEqual(['llama-9']);
    expect(model_usage['llama-9']?.cost_usd).toBeNull();
    expect(cost.other_usd).toBeGreaterThan(0);
  });

  test('of our own turns the model need have no price', () => {
    addTurn(database, 's1', 0.1);
    repo.write([request('m1', { model: 'llama-9' })], undefined);
    expect(summary().cost).toMatchObject({ own_usd: 0.1, unknown_models: [] });
  });

  test('a conversation of ours that Claude Code told no cost of goes by the table', () => {
    addTurn(database, 's1', null);
    repo.write(
      [request('m1', { tokens: { input: 1_000_000, output: 0, cacheRead: 0 } })],
      undefined,
    );
    expect(summary().cost).toMatchObject({ own_usd: 0, other_usd: 4 });
  });
});

test('how far transcripts were read is kept, and what is gone is forgotten, but not what it told', () => {
  const file: TranscriptProgress = {
    path: 'a/one.jsonl',
    identity: '1:2',
    size: 100,
    modifiedMs: 1_700_000_000_000.25,
    position: 90,
    mark: 'abc',
    brokenLines: 1,
  };
  repo.write([request('m1')], file);
  expect([...transcriptProgress(database).values()]).toEqual([file]);
  const further = { ...file, position: 100, brokenLines: 2 };
  repo.write([], further);
  expect([...transcriptProgress(database).values()]).toEqual([further]);
  repo.forget(['a/one.jsonl']);
  expect(transcriptProgress(database).size).toBe(0);
  expect(summary().total_requests).toBe(1);
});
