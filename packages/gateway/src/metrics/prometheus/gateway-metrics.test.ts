import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { GatewayMetrics } from './gateway-metrics.ts';

let metrics: GatewayMetrics;
beforeEach(() => {
  metrics = new GatewayMetrics({
    scheduler: { slots: 4, slotsUsed: 3, waiting: 2 },
    claude: {
      warm: () => [
        { pid: 10, busy: true },
        { pid: 20, busy: false },
        { pid: undefined, busy: false },
      ],
    },
    processMemory: async (pid) => pid * 100,
    deliveries: { undelivered: () => [{ state: 'dead', n: 5 }] },
    version: '1.2.3',
  });
});
afterEach(() => metrics.close());

const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheCreationTokens: 4 };
const turn = {
  origin: 'chat',
  state: 'completed',
  errorCode: undefined,
  waitedMs: 20,
  ranMs: 3_000,
  firstTextMs: 700,
  usage,
} as const;

/** Something of everything has happened. */
function countAll(): void {
  metrics.turnEnded(turn);
  metrics.turnEnded({ ...turn, state: 'failed', errorCode: 'overloaded' });
  metrics.deliveryEnded({ source_kind: 'cron' }, 'delivered');
  metrics.cronRunEnded('succeeded', 'shell', 1_500);
  metrics.searched('hybrid', 12);
  metrics.pushEnded(true);
}

/** Every series that is told, with its value. */
async function series(): Promise<Map<string, number>> {
  const lines = (await metrics.text()).split('\n').filter((line) => /^[a-z]/.test(line));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

test('turns are counted, and how long they took', async () => {
  countAll();
  const told = await series();
  expect(told.get('mcb_turns_total{state="completed",origin="chat"}')).toBe(1);
  expect(told.get('mcb_turns_total{state="failed",origin="chat"}')).toBe(1);
  expect(told.get('mcb_turn_errors_total{code="overloaded"}')).toBe(1);
  expect(told.get('mcb_turn_first_text_seconds_bucket{le="0.5",origin="chat"}')).toBe(0);
  expect(told.get('mcb_turn_first_text_seconds_bucket{le="1",origin="chat"}')).toBe(2);
  expect(told.get('mcb_turn_seconds_sum{origin="chat"}')).toBe(6);
  expect(told.get('mcb_turn_wait_seconds_count{origin="chat"}')).toBe(2);
  expect(told.get('mcb_turn_tokens_total{kind="cache_creation"}')).toBe(8);
});

test('a turn that did not run has waited, and no more', async () => {
  const { origin } = turn;
  metrics.turnEnded({
    ...{ origin, errorCode: 'queue_timeout', waitedMs: 1000 },
    ...{ state: 'expired', ranMs: undefined, firstTextMs: undefined, usage: undefined },
  });
  const told = await series();
  expect(told.get('mcb_turn_wait_seconds_sum{origin="chat"}')).toBe(1);
  expect([...told.keys()].filter((name) => /^mcb_turn_(seconds|first)/.test(name))).toEqual([]);
});

test('what is so at the moment is looked at when it is asked for', async () => {
  const told = await series();
  expect(told.get('mcb_slots')).toBe(4);
  expect(told.get('mcb_slots_used')).toBe(3);
  expect(told.get('mcb_turns_waiting')).toBe(2);
  expect(told.get('mcb_claude_processes{state="busy"}')).toBe(1);
  expect(told.get('mcb_claude_processes{state="idle"}')).toBe(2);
  expect(told.get('mcb_claude_processes_memory_bytes')).toBe(3000);
  expect(told.get('mcb_deliveries{state="dead"}')).toBe(5);
  expect(told.get('mcb_deliveries{state="queued"}')).toBe(0);
  expect(told.get(`mcb_build_info{version="1.2.3",node="${process.versions.node}"}`)).toBe(1);
  expect(told.get('process_resident_memory_bytes')).toBeGreaterThan(1e6);
  expect(told.get('mcb_event_loop_delay_seconds{quantile="1"}')).toBeGreaterThanOrEqual(0);
});

describe("Grafana's dashboard", () => {
  const Dashboard = z.object({
    panels: z.array(
      z.object({
        title: z.string(),
        targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).min(1),
      }),
    ),
  });
  const file = new URL('../../../../../docs/grafana-dashboard.json', import.meta.url);
  const { panels } = Dashboard.parse(JSON.parse(readFileSync(file, 'utf8')));
  const targets = panels.flatMap(({ title, targets }) =>
    targets.map((target) => ({ title, ...target })),
  );
  const metricsIn = (expr: string): string[] => expr.match(/\b(?:mcb|process|nodejs)_\w+/g) ?? [];

  /** Names of labels by metric. */
  async function labels(): Promise<Map<string, Set<string>>> {
    countAll();
    const found = new Map<string, Set<string>>();
    for (const name of (await series()).keys()) {
      const [metric = '', rest = ''] = name.split('{');
      const names = [...rest.matchAll(/(\w+)=/g)].map((match) => match[1] ?? '');
      found.set(metric, new Set([...(found.get(metric) ?? []), ...names]));
    }
    return found;
  }

  test.each(targets)('$title: $expr', async ({ expr, legendFormat }) => {
    const known = await labels();
    const used = metricsIn(expr);
    expect(used.length).toBeGreaterThan(0);
    for (const name of used) expect([...known.keys()]).toContain(name);
    const has = known.get(used[0] ?? '') ?? new Set();
    const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap((match) =>
      (match[1] ?? '').split(', '),
    );
    const matched = [...expr.matchAll(/[{,](\w+)="/g)].map((match) => match[1] ?? '');
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '');
    for (const label of [...grouped, ...matched, ...shown]) expect([...has]).toContain(label);
    // What was summed up has no other labels left to be shown.
    if (grouped.length > 0) expect(grouped).toEqual(expect.arrayContaining(shown));
  });

  test('shows every metric that there is', async () => {
    const shown = new Set(targets.flatMap(({ expr }) => metricsIn(expr)));
    const base = (name: string): string => name.replace(/_(bucket|sum|count)$/, '');
    const missing = [...(await labels()).keys()].filter(
      (name) => ![...shown].some((one) => base(one) === base(name)),
    );
    expect(missing).toEqual([]);
  });
});
