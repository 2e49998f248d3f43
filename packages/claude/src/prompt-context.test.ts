import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask } from '../tests/support/asking.ts';
import { type ClaudeHouse, openClaudeHouse } from '../tests/support/claude-house.ts';

let house: ClaudeHouse;
beforeAll(async () => {
  house = await openClaudeHouse();
});
afterAll(() => house.close());

const lastBody = (): string => JSON.stringify(house.fake.requests.at(-1)?.body);

test('Claude is told a context beside the message, which stays what the user said', async () => {
  const session = await house.start();
  const observer = { onEvent: () => {} };
  await session.run({ prompt: 'hello', context: 'The harness has 3 tasks left.' }, observer);
  expect(house.fake.requests.at(-1)?.conversation?.prompt).toBe('hello');
  expect(lastBody()).toContain('The harness has 3 tasks left.');
  const told = lastBody().split('The harness has 3 tasks left.').length;
  // It was for that message alone, and stays where it was said.
  expect(await ask(session, 'and now? [[history]]')).toMatchObject({
    text: JSON.stringify(['hello']),
  });
  expect(lastBody().split('The harness has 3 tasks left.').length).toBe(told);
  await session.close();
});

test('a context that is set while nobody listens is not told with a later message', async () => {
  const session = await house.start();
  const aborted = AbortSignal.abort();
  await session.run({ prompt: 'never', context: 'never told' }, { onEvent: () => {} }, aborted);
  await ask(session, 'hello');
  expect(lastBody()).not.toContain('never told');
  await session.close();
});
