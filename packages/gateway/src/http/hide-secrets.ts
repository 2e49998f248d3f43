import type { FastifyInstance } from 'fastify';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { StreamedEvent } from './event-lines.ts';
import type { EventStream } from './sse.ts';

/** Hide known secrets in every answer: also in words that came from elsewhere, and in faults. */
export function hideSecrets(app: FastifyInstance, secrets: KnownSecrets): void {
  app.addHook('onSend', (_request, reply, payload, done) => {
    const json = String(reply.getHeader('content-type')).startsWith('application/json');
    if (json && typeof payload === 'string') done(null, secrets.hideInJson(payload));
    else done(null, payload);
  });
}

/** The same for events. What is split over two of them passes. */
export const withoutSecretsIn = (stream: EventStream, secrets: KnownSecrets): EventStream => ({
  ...stream,
  events: async function* (gone) {
    for await (const item of stream.events(gone)) {
      yield 'event' in item
        ? { ...item, event: hideInEvent(item.event, secrets) }
        : hideInEvent(item, secrets);
    }
  },
});

const hideInEvent = <E extends StreamedEvent>(event: E, secrets: KnownSecrets): E =>
  'content' in event && secrets.occurIn(event.content)
    ? { ...event, content: secrets.hide(event.content) }
    : event;
