import { type Audited, BotId, GatewayError } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { TestClock } from '../host/test-clock.ts';
import { createTestLog } from '../http/test-log.ts';
import { KnownSecrets } from '../secrets/known-secrets.ts';
import { Audit, type Deed } from './audit.ts';
import { AuditRepo } from './audit-repo.ts';

let database: Database;
let audit: Audit;
let clock: TestClock;
let log: ReturnType<typeof createTestLog>;
beforeEach(() => {
  database = openDatabase(':memory:');
  clock = new TestClock();
  log = createTestLog();
  const secrets = new KnownSecrets(['secret-canary']);
  audit = new Audit({ repo: new AuditRepo(database), clock, logger: log.logger, secrets });
});
afterEach(() => database.close());

const deed: Deed = { caller: 'cron', operation: 'runCronJob', kind: 'runs', botId: 'b' };
const list = (filter: { bot?: string; kind?: Audited; before?: number; limit?: number } = {}) =>
  audit.list({
    botId: filter.bot === undefined ? undefined : BotId.parse(filter.bot),
    kind: filter.kind,
    before: filter.before,
    limit: filter.limit ?? 100,
  });

test('what is done without a call is told as well', async () => {
  expect(await audit.run({ ...deed, about: { job_id: '7' } }, () => 'result')).toBe('result');
  const failing = audit.run({ ...deed, botId: undefined }, () => {
    throw new GatewayError('not_found', 'gone');
  });
  await expect(failing).rejects.toThrow('gone');
  expect(list()).toMatchObject([
    { caller: 'cron', address: null, bot_id: null, about: '{}', outcome: 'not_found' },
    { bot_id: 'b', about: '{"job_id":"7"}', outcome: 'done', finished_at_ms: clock.now() },
  ]);
});

test('it is read page by page, and of one bot or one kind alone', () => {
  for (const botId of ['a', 'b', 'a', 'b', 'a']) audit.begin({ ...deed, botId });
  audit.begin({ ...deed, kind: 'deletes' });
  expect(list({ bot: 'a' }).map(({ id }) => id)).toEqual([5, 3, 1]);
  expect(list({ kind: 'deletes' }).map(({ id }) => id)).toEqual([6]);
  expect(list({ limit: 2 }).map(({ id }) => id)).toEqual([6, 5]);
  expect(list({ before: 4, limit: 2 }).map(({ id }) => id)).toEqual([3, 2]);
});

test.each([
  "UPDATE audit SET caller = 'x'",
  'DELETE FROM audit',
  "INSERT OR REPLACE INTO audit VALUES (1, 0, 'x', NULL, 'x', 'runs', NULL, '{}')",
  "REPLACE INTO audit_outcomes VALUES (1, 0, 'x')",
  "UPDATE audit_outcomes SET outcome = 'x'",
  'DELETE FROM audit_outcomes',
  "INSERT INTO audit_outcomes VALUES (99, 0, 'done')",
])('no statement changes what stands in it: %s', (sql) => {
  audit.end(audit.begin(deed));
  const before = list();
  expect(() => database.exec(sql)).toThrow(/append-only|FOREIGN KEY/);
  expect(list()).toEqual(before);
});

test('a deed has one outcome, the first', () => {
  const id = audit.begin(deed);
  audit.end(id);
  audit.end(id, new Error('later'));
  expect(list()).toMatchObject([{ outcome: 'done' }]);
  expect(log.lines.join('')).toContain('the outcome of an audited deed is not stored');
});

test('who only tries fills no disk: of many refusals it tells how many they were', () => {
  const refused = (caller: string) =>
    audit.noteRefused({ ...deed, caller }, new GatewayError('forbidden', 'no'));
  for (let n = 0; n < 100; n += 1) refused('brief');
  refused('other');
  expect(list({ limit: 1000 })).toHaveLength(61);
  clock.advance(1000);
  refused('brief');
  expect(list({ limit: 1 })).toMatchObject([
    { caller: 'brief', outcome: 'forbidden', about: '{"not_entered":"40"}' },
  ]);
  clock.advance(1000);
  refused('brief');
  expect(list({ limit: 1 })).toMatchObject([{ about: '{}' }]);
});

test('no secret, and no endless id, gets into it', () => {
  audit.begin({
    ...deed,
    caller: 'x'.repeat(10_000),
    botId: 'secret-canary',
    about: { chat_id: 'a secret-canary', long: 'y'.repeat(10_000) },
  });
  const [entry] = list();
  expect(JSON.stringify(entry)).not.toContain('secret-canary');
  expect(JSON.stringify(entry).length).toBeLessThan(1000);
});
