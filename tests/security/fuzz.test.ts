import { readdirSync } from 'node:fs';
import { type Operation, operations } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyValue, nonsense } from '../support/arbitrary-input.ts';
import { answerText } from '../support/endless.ts';
import { noClaude } from '../support/no-claude.ts';
import { type OperationRequest, operationRequest } from '../support/operation-request.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';

/** All together; FUZZ_REQUESTS for more. */
const requests = Number(process.env.FUZZ_REQUESTS ?? 10_000);

/** One that answers with events may wait for a turn; nothing here should take long. */
const longestMs = 20_000;

const all = Object.values<Operation>(operations);

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    env: { ...noClaude, GATEWAY_QUEUE_MAX: '5', SHELL: '/bin/echo' },
  });
});
afterAll(() => gateway.stop());

/** An operation, with values derived from what it says of its input, and some fields too many. */
const requestOf = (operation: Operation): fc.Arbitrary<OperationRequest> => {
  const fields = Object.entries(operation.input.shape).map(([name, type]) => [
    name,
    anyValue(type),
  ]);
  return fc
    .tuple(
      fc.record(Object.fromEntries(fields), { requiredKeys: [] }),
      fc.dictionary(fc.constantFrom('__proto__', 'constructor', 'extra', 'caller'), nonsense, {
        maxKeys: 1,
      }),
    )
    .map(([input, extra]) => operationRequest(operation, { ...input, ...extra }));
};

/** Words of a program about itself: files of ours, lines of a stack, SQL. */
const inside =
  /\bat .+:\d+:\d+|node_modules|packages\/gateway|\.ts:\d|\.js:\d|SQLITE_|SqliteError|ZodError/;

async function check(
  { method, path, headers, body }: OperationRequest,
  { errors }: Operation,
): Promise<void> {
  const response = await fetch(gateway.url + path, {
    method,
    headers,
    signal: AbortSignal.timeout(longestMs),
    ...(body === undefined ? {} : { body }),
  });
  const text = await answerText(response);
  const what = `${method} ${path} ${body ?? ''} → ${response.status} ${text.slice(0, 300)}`;
  expect(response.status, what).not.toBe(500);
  // The owner is refused only where the operation says so, such as a file of somewhere else.
  const refusals = [
    ...(errors.includes('forbidden') ? [403] : []),
    ...(errors.includes('unauthorized') ? [401] : []),
  ];
  expect([200, 201, 404, 409, 413, 414, 422, 429, 503, ...refusals], what).toContain(
    response.status,
  );
  if (!response.ok) {
    expect(JSON.parse(text), what).toEqual({ detail: expect.anything() });
    expect(text, what).not.toMatch(inside);
  }
}

// A share of all for each operation; in batches, since one after the other takes longer than it must.
const share = Math.ceil(requests / all.length);
const batch = 10;

test.each(all.map((operation) => [operation.id, operation] as const))(
  '%s: no fault of ours, whatever is sent',
  { timeout: 300_000 },
  async (_id, operation) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(requestOf(operation), { minLength: batch, maxLength: batch }),
        (several) =>
          Promise.all(several.map((request) => check(request, operation))).then(() => {}),
      ),
      { numRuns: Math.ceil(share / batch) },
    );
  },
);

test('after all that the gateway serves as before, and made nothing elsewhere', async () => {
  expect((await gateway.get('/api/health')).body).toEqual({ status: 'ok' });
  const left = readdirSync(gateway.home).filter((name) => !name.startsWith('gateway.db'));
  expect(left.toSorted()).toEqual(expect.arrayContaining(['sessions']));
  expect(
    left.filter(
      (name) =>
        ![
          'sessions',
          'backups',
          '.claude',
          '.claude.json',
          '.mini-claude-bot',
          '.claude-gateway-archives',
          'nirmana',
        ].includes(name),
    ),
  ).toEqual([]);
});
