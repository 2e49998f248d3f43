import { atLeast, atMost, type Goal, type Measurement } from '../result.ts';
import type { Delivery } from './delivery.ts';

/** @throws when nothing of that name was measured */
function find(measurements: readonly Measurement[], id: string): Measurement {
  const found = measurements.find((measurement) => measurement.id === id);
  if (found === undefined) throw new Error(`${id} was not measured`);
  return found;
}

/** What the gateway adds to the SDK's own warm turn. */
const addedGoals = (text: string, ours: Measurement, sdk: Measurement): Goal[] => [
  atMost({ text: `${text}, p50`, value: ours.p50 - sdk.p50, limit: 10, unit: 'ms' }),
  atMost({ text: `${text}, p95`, value: ours.p95 - sdk.p95, limit: 25, unit: 'ms' }),
];

/** The goals of the turn path, by this run's own figures: ratios and differences first. */
export function goalsOf(measurements: readonly Measurement[], sent: readonly Delivery[]): Goal[] {
  const of = (id: string): Measurement => find(measurements, id);
  const cold = of('cli-cold.first').p50;
  const times = (id: string): number => of(id).p50 / cold;
  const merged = sent.reduce((sum, { deltas, events }) => sum + Math.abs(deltas - events), 0);
  return [
    ...addedGoals('added to a warm turn: first text', of('warm.first'), of('sdk-warm.first')),
    ...addedGoals('added to a warm turn: /send', of('warm-send.whole'), of('sdk-warm.whole')),
    ...addedGoals('the same, 8 at once: first text', of('warm-8.first'), of('sdk-warm-8.first')),
    ...addedGoals('the same, 8 at once: /send', of('warm-send-8.whole'), of('sdk-warm-8.whole')),
    atLeast({
      text: 'cold CLI ÷ warm turn, first text',
      value: cold / of('warm.first').p50,
      limit: 10,
      unit: '×',
    }),
    atMost({
      text: 'new chat ÷ cold CLI, first text',
      value: times('new.first'),
      limit: 1,
      unit: '×',
    }),
    atMost({
      text: 'new chat on a spare ÷ cold CLI, first text',
      value: times('spare.first'),
      limit: 0.5,
      unit: '×',
    }),
    atMost({
      text: 'chat closed as idle ÷ cold CLI, first text',
      value: times('reaped.first'),
      limit: 1,
      unit: '×',
    }),
    atMost({
      text: '400 words: first text after the model, p95',
      value: of('delivery.first').p95,
      limit: 25,
      unit: 'ms',
    }),
    atMost({
      text: '400 words: deltas without an event of their own',
      value: merged,
      limit: 0,
      unit: 'events',
    }),
    atMost({ text: 'start to first answer, p50', value: of('start').p50, limit: 400, unit: 'ms' }),
    atMost({ text: 'idle memory, p50', value: of('idle').p50, limit: 90, unit: 'MiB' }),
    atLeast({
      text: 'GET /api/health, p50',
      value: of('load.health').p50,
      limit: 10_000,
      unit: 'req/s',
    }),
    atLeast({
      text: 'POST /api/chat/messages, p50',
      value: of('load.messages').p50,
      limit: 3_000,
      unit: 'req/s',
    }),
  ];
}
