import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { bot, chat, openOutbox, startTestOutbox, tell, testToken } from './test-outbox.ts';

const ref = 'task:1';
let clock: TestClock;
let rig: Awaited<ReturnType<typeof startTestOutbox>>;
beforeEach(async () => {
  clock = new TestClock();
  rig = await startTestOutbox(clock);
});
afterEach(() => rig.stop());

const show = (text: string): void => rig.outbox.progress(ref, { ...chat('7'), text });
const reads = (...texts: string[]): Promise<void> =>
  vi.waitFor(() => expect(rig.fake.textsIn(7)).toEqual(texts), { timeout: 5000 });
const methods = (): string[] => rig.fake.calls.map(({ method }) => method);

test('one message is edited, at most once in three seconds, to the newest text', async () => {
  show('**1** of 9');
  clock.advance(0);
  await reads('1 of 9');
  // The board has Telegram's answer too: from there on it counts.
  const stored = rig.database.prepare('SELECT message_id FROM progress_messages').pluck();
  await vi.waitFor(() => expect(stored.get()).toEqual(expect.any(Number)), { timeout: 5000 });
  for (const n of [2, 3, 4]) show(`${n} of 9`);
  clock.advance(2999);
  expect(methods()).toEqual(['sendMessage']);
  clock.advance(1);
  await reads('4 of 9');
  expect(methods()).toEqual(['sendMessage', 'editMessageText']);
});

test('what has not changed is not edited', async () => {
  show('same');
  clock.advance(0);
  await reads('same');
  show('same');
  clock.advance(60_000);
  show('other');
  clock.advance(0);
  await reads('other');
  expect(methods()).toEqual(['sendMessage', 'editMessageText']);
});

test('the result takes its place, and nothing comes after it', async () => {
  show('1 of 2');
  clock.advance(0);
  await reads('1 of 2');
  rig.outbox.enqueue({ ...tell('the result'), endsProgress: ref });
  await reads('the result');
  show('2 of 2');
  clock.advance(60_000);
  await rig.progress.close();
  expect(rig.fake.textsIn(7)).toEqual(['the result']);
});

test('it ends without a result too', async () => {
  show('1 of 2');
  clock.advance(0);
  await reads('1 of 2');
  rig.outbox.endProgress(ref);
  await reads();
});

test('a message that is too old to be removed is ticked off', async () => {
  show('1 of 2');
  clock.advance(0);
  await reads('1 of 2');
  rig.fake.answerNext({ kind: 'refuse', status: 400 }, ({ method }) => method === 'deleteMessage');
  rig.outbox.enqueue({ ...tell('the result'), endsProgress: ref });
  await reads('✓', 'the result');
});

test('another start goes on with the same message', async () => {
  show('1 of 9');
  clock.advance(0);
  await reads('1 of 9');
  await rig.progress.close();
  const next = openOutbox(rig.database, rig.fake.url, clock);
  next.tokens.remember(bot, testToken);
  next.outbox.progress(ref, { ...chat('7'), text: '5 of 9' });
  clock.advance(0);
  await reads('5 of 9');
  await next.progress.close();
});

test('one that was removed comes again, and faults do the result no harm', async () => {
  show('1');
  clock.advance(0);
  await reads('1');
  const edits = ({ method }: { method: string }): boolean => method === 'editMessageText';
  rig.fake.answerNext(
    { kind: 'refuse', status: 400, description: 'message to edit not found' },
    edits,
  );
  clock.advance(3000);
  show('2');
  clock.advance(0);
  await vi.waitFor(() => {
    clock.advance(3000);
    expect(rig.fake.textsIn(7)).toEqual(['1', '2']);
  });
  rig.fake.follow(({ method }) => (edits({ method }) ? { kind: 'cut' } : undefined));
  show('3');
  clock.advance(3000);
  rig.outbox.enqueue({ ...tell('the result'), endsProgress: ref });
  await reads('1', 'the result');
});

test('told to wait, it waits, and so do the deliveries of the bot', async () => {
  rig.fake.answerNext({ kind: 'refuse', status: 429, retryAfter: 40 });
  show('1');
  clock.advance(0);
  await vi.waitFor(() => expect(methods()).toHaveLength(1));
  show('2');
  clock.advance(39_000);
  expect(methods()).toHaveLength(1);
  clock.advance(1000);
  await reads('2');
});
