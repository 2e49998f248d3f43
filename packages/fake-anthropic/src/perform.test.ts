import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { randomIds } from './ids.ts';
import { perform } from './perform.ts';
import { reply, text } from './plan.ts';
import { callOf, user } from './request-examples.ts';

test('a slow reader holds the reply up instead of filling memory', async () => {
  const { request } = callOf([user('much')], { stream: true });
  const plan = {
    ...reply(text('x'.repeat(8_000_000))),
    chunking: { by: 'characters', count: 4000 },
  } as const;
  const stopped = deferred();
  let most = 0;
  const server = createServer((_, response) => {
    void perform(plan, {
      request,
      requestId: 'req_1',
      response,
      signal: new AbortController().signal,
      clock: systemClock,
      ids: randomIds,
      onDelta: () => {
        most = Math.max(most, response.writableLength);
        if (response.writableNeedDrain) stopped.resolve();
      },
      onHang: () => {},
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const [response]: IncomingMessage[] = await once(get({ port, host: '127.0.0.1' }), 'response');
  await stopped.promise;
  let received = '';
  for await (const chunk of response ?? []) received += chunk;
  server.close();
  expect(received).toMatch(/message_stop"\}\n\n$/);
  expect(most).toBeLessThan(200_000);
});

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
