import { expect, test } from 'vitest';
import { TestClock } from '../host/test-clock.ts';
import { cronHouse, failed } from './test-cron-house.ts';

const minute = 60_000;

test('whoever asks for a run that ends just then hears its end', async () => {
  const clock = new TestClock(Date.UTC(2026, 0, 1));
  const { service, scheduler, add, rows, endings } = cronHouse({ clock, outcome: () => undefined });
  scheduler.start();
  const id = add({ cron_expression: '* * * * *', job_type: 'claude' });
  clock.advance(minute);
  const run = rows(id)[0]?.id ?? 0;
  const follow = service.follow(run, { botId: undefined });
  endings.end(run, failed);
  const gone = new AbortController();
  const heard: string[] = [];
  const reading = (async () => {
    for await (const { type } of follow(gone.signal)) heard.push(type);
  })();
  // Nothing more comes of it: whatever is to be heard is there.
  for (let n = 0; n < 20; n += 1) await Promise.resolve();
  expect(heard.at(-1)).toBe('done');
  gone.abort();
  await reading;
});
