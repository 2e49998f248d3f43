import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sampleState } from '../sample/sample-state.ts';
import { DashboardState } from './dashboard-state.ts';
import { fitState, trimSteps } from './fit-state.ts';
import { packState, unpackState } from './packed-state.ts';

const state = sampleState(Date.parse('2026-11-27T12:00:00.000Z'));
const sizeOf = (one: DashboardState): number => JSON.stringify(one).length;
const fitTo = (bytes: number) =>
  fitState(state, (one) => (sizeOf(one) <= bytes ? sizeOf(one) : undefined));

test('what fits is left as it is', () => {
  expect(fitTo(sizeOf(state))?.state).toEqual(state);
});

test('each step makes it smaller or leaves it, and what is left can be read again', () => {
  let present: DashboardState = {
    ...state,
    metrics: {
      ...state.metrics,
      memory: { ...state.metrics.memory, items: [{ key: 'k', content: 'c' }] },
      cron_jobs: state.metrics.cron_jobs.map((job) => ({ ...job, last_result_preview: 'done' })),
    },
  };
  for (const { name, trim } of trimSteps) {
    const next = trim(present);
    expect(sizeOf(next), name).toBeLessThanOrEqual(sizeOf(present));
    expect(() => DashboardState.parse(next), name).not.toThrow();
    present = next;
  }
  expect(present.metrics).toMatchObject({
    memory: { count: 214 },
    claude_usage: { total_sessions: 1934 },
  });
  expect(present.uptime).toEqual(state.uptime);
});

test('steps are taken in their order, and no more of them than are needed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 9_000, max: 160_000 }), (bytes) => {
      const found = fitTo(bytes);
      if (found === undefined) return;
      expect(found.fitted).toBeLessThanOrEqual(bytes);
      const { leftOut } = found.state;
      const names = trimSteps.map(({ name }) => name);
      expect(names.filter((name) => leftOut.includes(name))).toEqual(leftOut);
      const last = leftOut.at(-1);
      if (last === undefined) return;
      const before = trimSteps.slice(0, names.indexOf(last));
      const larger = before.reduce((one, { trim }) => trim(one), state);
      expect(sizeOf({ ...larger, leftOut: leftOut.slice(0, -1) })).toBeGreaterThan(bytes);
    }),
    { numRuns: 40 },
  );
});

test('what fits in no way is told', () => {
  expect(fitTo(100)).toBeUndefined();
});

describe('packed', () => {
  test('it is what it was, in a tenth of the room', () => {
    const packed = packState(state);
    expect(unpackState(packed)).toEqual(state);
    expect(packed.length).toBeLessThan(sizeOf(state) / 8);
  });

  test.each([undefined, 7, '', 'br1:', 'br1:AAAA', `br1:${'x'.repeat(100)}`])(
    '%j is refused',
    (text) => {
      expect(() => unpackState(text)).toThrow();
    },
  );
});
