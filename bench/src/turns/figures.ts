import { type Measurement, measured } from '../result.ts';
import type { Deliveries } from './deliveries.ts';
import type { Loads } from './loads.ts';
import { firsts, type Samples, wholes } from './race.ts';
import type { ServerFigures } from './server-figures.ts';

/** All that was found out. */
export interface Figures {
  readonly one: Samples;
  readonly eight: Samples;
  readonly deliveries: Deliveries;
  readonly server: ServerFigures;
  readonly loads: Loads;
}

/** First text and whole answer of each contender, as far as it has them. */
function timesOf(samples: Samples, labels: Readonly<Record<string, string>>): Measurement[] {
  return Object.entries(labels).flatMap(([id, label]) => {
    const first = firsts(samples, id);
    const whole = measured(`${id}.whole`, `${label}: whole reply`, wholes(samples, id));
    return first.length === 0
      ? [whole]
      : [measured(`${id}.first`, `${label}: first text`, first), whole];
  });
}

const oneLabels = {
  api: 'API called directly',
  'cli-cold': 'claude -p --continue',
  'sdk-cold': 'SDK alone, new session',
  new: 'gateway, new chat',
  'new-send': 'gateway, new chat, /send',
  spare: 'gateway, new chat on a spare',
  reaped: 'gateway, chat closed as idle',
  'sdk-warm': 'SDK alone, warm',
  warm: 'gateway, warm',
  'warm-send': 'gateway, warm, /send',
};

const eightLabels = {
  'cli-cold-8': '8 at once: claude -p --continue',
  'new-8': '8 at once: gateway, new chats',
  'sdk-warm-8': '8 at once: SDK alone, warm',
  'warm-8': '8 at once: gateway, warm',
  'warm-send-8': '8 at once: gateway, warm, /send',
};

export function measurementsOf({ one, eight, deliveries, server, loads }: Figures): Measurement[] {
  const { gateway, sdk } = deliveries;
  const first = (list: Deliveries['sdk']) => list.map(({ firstMs }) => firstMs);
  const lags = (list: Deliveries['sdk']) => list.flatMap(({ lagsMs }) => lagsMs);
  const events = gateway.map((delivery) => delivery.events);
  return [
    ...timesOf(one, oneLabels),
    ...timesOf(eight, eightLabels),
    measured('delivery.first', '400 words: first text after the model', first(gateway)),
    measured('delivery.lag', '400 words: each delta after the model', lags(gateway)),
    measured('delivery.events', '400 words: events of text', events, 'events'),
    measured('delivery-sdk.first', 'the same by the SDK alone: first text', first(sdk)),
    measured('delivery-sdk.lag', 'the same by the SDK alone: each delta', lags(sdk)),
    measured('start', 'start to first answer', server.startMs),
    measured('idle', 'idle memory', server.idleMiB, 'MiB'),
    measured('load.health', 'GET /api/health, 16 connections', loads.health, 'req/s'),
    measured('load.messages', 'POST /api/chat/messages, 16 connections', loads.messages, 'req/s'),
  ];
}
