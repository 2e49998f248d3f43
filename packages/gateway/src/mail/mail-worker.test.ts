import { randomUUID } from 'node:crypto';
import { DeliveryId } from '@mini-claude-bot/contract';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Database } from '../db/database.ts';
import { openDatabase } from '../db/open-database.ts';
import { TestClock } from '../host/test-clock.ts';
import { DeliveriesRepo } from '../outbox/deliveries-repo.ts';
import type { DeliveryRow } from '../outbox/delivery.ts';
import { chat } from '../outbox/test-outbox.ts';
import type { MailContent } from './mail.ts';
import { MailWorker } from './mail-worker.ts';
import { Mailbox } from './mailbox.ts';
import { MailsRepo } from './mails-repo.ts';
import { readSmtpUrl } from './read-smtp-url.ts';
import { SmtpTransport } from './smtp-transport.ts';
import { startTestSmtp, type TestSmtpServer } from './test-smtp-server.ts';
import type { MailTransport } from './transport.ts';

let smtp: TestSmtpServer;
let database: Database;
let clock: TestClock;
let lives: Life[];
/** What happens when it is told that a mail was given up. */
let failToTell: () => void;

/** One life of a mailbox and its worker on the database. */
interface Life {
  readonly mailbox: Mailbox;
  readonly worker: MailWorker;
  readonly mails: MailsRepo;
  readonly deliveries: DeliveriesRepo;
  readonly ended: [string, string][];
  /** What was told of those that were given up: their rows, as they were in that transaction. */
  readonly told: DeliveryRow[];
}

function live(transport: MailTransport | 'none' = smtpOf(`smtp://127.0.0.1:${smtp.port}`)): Life {
  const [deliveries, mails] = [new DeliveriesRepo(database), new MailsRepo(database)];
  const ended: [string, string][] = [];
  const told: DeliveryRow[] = [];
  const worker = new MailWorker({
    database,
    deliveries,
    mails,
    transport: () => (transport === 'none' ? undefined : transport),
    clock,
    random: () => 0.5,
    logger: pino({ level: 'silent' }),
    onGivenUp: (row) => {
      expect(database.inTransaction).toBe(true);
      told.push(row);
      failToTell();
    },
    onEnded: ({ id }: DeliveryRow, outcome) => void ended.push([id, outcome]),
  });
  const mailbox = new Mailbox({
    database,
    mails,
    now: clock.now,
    newDeliveryId: () => DeliveryId.parse(randomUUID()),
    wake: worker.wake,
  });
  worker.start();
  const life = { mailbox, worker, mails, deliveries, ended, told };
  lives.push(life);
  return life;
}

function smtpOf(url: string): SmtpTransport {
  const server = readSmtpUrl(url);
  if (server === undefined) throw new Error(`${url} is no SMTP address`);
  return new SmtpTransport(server, undefined);
}

beforeEach(async () => {
  smtp = await startTestSmtp();
  database = openDatabase(':memory:');
  clock = new TestClock(Date.UTC(2026, 2, 2, 9));
  lives = [];
  failToTell = () => {};
});
afterEach(async () => {
  await Promise.all(lives.map(({ worker }) => worker.close(0)));
  await smtp.close();
  database.close();
});

const letter = (more: Partial<MailContent> = {}): MailContent => ({
  from: 'reports@example.org',
  to: ['ann@example.org'],
  cc: [],
  subject: '每日早报 · Monday',
  text: 'Good morning.\n',
  attachments: [],
  ...more,
});
const post = (life: Life, more: Partial<MailContent> = {}): DeliveryId =>
  life.mailbox.post({
    chat: chat('7'),
    source: { kind: 'report', id: 'morning' },
    mail: letter(more),
  });

const rowOf = ({ deliveries }: Life, id: DeliveryId): DeliveryRow => {
  const row = deliveries.find(id);
  if (row === undefined) throw new Error('it is gone');
  return row;
};
const until = (life: Life, id: DeliveryId, state: DeliveryRow['state']): Promise<DeliveryRow> =>
  vi.waitFor(
    () => {
      const row = rowOf(life, id);
      expect(row).toMatchObject({ state });
      return row;
    },
    { timeout: 15_000 },
  );
/** It waits for another try. */
const untilSetBack = (life: Life, id: DeliveryId): Promise<DeliveryRow> =>
  vi.waitFor(
    () => {
      const row = rowOf(life, id);
      expect(row.reason).not.toBeNull();
      return row;
    },
    { timeout: 15_000 },
  );
const headerOf = (source: string, name: string): string | undefined =>
  new RegExp(`^${name}: (.*(?:\\r?\\n[ \\t].*)*)`, 'im')
    .exec(source)?.[1]
    ?.replace(/\r?\n\s*/g, ' ');

describe('a mail', () => {
  test('arrives with its text, its HTML and its files', async () => {
    const life = live();
    const content = Buffer.from('%PDF-1.5 …');
    const id = post(life, {
      cc: ['bob@example.org'],
      html: '<p>Good morning.</p>',
      attachments: [{ name: '早报 2026-03-02.pdf', type: 'application/pdf', content }],
    });
    await until(life, id, 'delivered');
    expect(smtp.taken).toMatchObject([
      { from: 'reports@example.org', to: ['ann@example.org', 'bob@example.org'] },
    ]);
    const source = smtp.taken[0]?.source ?? '';
    expect(headerOf(source, 'Message-ID')).toBe(`<${id}@example.org>`);
    expect(headerOf(source, 'Auto-Submitted')).toBe('auto-generated');
    expect(headerOf(source, 'To')).toBe('ann@example.org');
    expect(headerOf(source, 'Cc')).toBe('bob@example.org');
    expect(source).toContain(content.toString('base64'));
    expect(source).toMatch(/multipart\/alternative/);
    // Its files are kept until then, and no longer.
    expect(database.prepare('SELECT count(*) FROM mail_attachments').pluck().get()).toBe(0);
    expect(life.ended).toEqual([[id, 'delivered']]);
  });

  test('of a thread answers the one before it', async () => {
    const life = live();
    const ids = [1, 2, 3].map(() => post(life, { thread: 'morning:2026-W10' }));
    const apart = post(life);
    for (const id of [...ids, apart]) await until(life, id, 'delivered');
    const [first, second] = ids.map((id) => `<${id}@example.org>`);
    const sources = smtp.taken.map(({ source }) => source);
    expect(sources.map((each) => headerOf(each, 'In-Reply-To'))).toEqual([
      undefined,
      first,
      second,
      undefined,
    ]);
    expect(sources.map((each) => headerOf(each, 'References'))).toEqual([
      undefined,
      first,
      `${first} ${second}`,
      undefined,
    ]);
  });

  test('can’t be given headers by its texts', async () => {
    const life = live();
    const id = post(life, { subject: 'Hello\r\nBcc: eve@example.org\r\n\r\nbody' });
    await until(life, id, 'delivered');
    expect(smtp.taken[0]?.to).toEqual(['ann@example.org']);
    expect(headerOf(smtp.taken[0]?.source ?? '', 'Bcc')).toBeUndefined();
  });

  test.each<[string, Partial<MailContent>, string]>([
    ['no recipient', { to: [] }, 'a mail needs a recipient'],
    ['an address that is none', { to: ['ann'] }, 'to.0'],
    ['a header in an address', { to: ['ann@example.org\r\nBcc: eve@example.org'] }, 'to.0'],
    [
      'a path as a file’s name',
      { attachments: [{ name: '../x', type: 'text/plain', content: Buffer.from('') }] },
      'attachments.0.name',
    ],
    [
      'too much',
      { attachments: [{ name: 'x', type: 'text/plain', content: Buffer.alloc(16 * 2 ** 20) }] },
      '16 MB',
    ],
  ])('with %s is refused, and nothing is kept of it', (_what, more, words) => {
    const life = live();
    expect(() => post(life, more)).toThrow(words);
    expect(life.deliveries.list({ limit: 9 })).toEqual([]);
  });
});

describe('when it goes wrong', () => {
  test.each([
    ['refuse_sender' as const, 451],
    ['refuse_mail' as const, 452],
  ])('%s with %i is tried again, once it is time', async (kind, code) => {
    smtp.next({ kind, code });
    const life = live();
    const id = post(life);
    const waiting = await untilSetBack(life, id);
    expect(waiting).toMatchObject({ state: 'queued', reason: 'mail_busy', attempts: 1 });
    expect(waiting.not_before_ms).toBe(clock.now() + 22_500);
    clock.advance(22_500);
    await until(life, id, 'delivered');
    expect(smtp.taken).toHaveLength(1);
  });

  test.each([
    ['refuse_sender' as const, 550],
    ['refuse_mail' as const, 554],
  ])('%s with %i is dead, and can be retried', async (kind, code) => {
    smtp.next({ kind, code });
    const life = live();
    const id = post(life);
    const dead = await until(life, id, 'dead');
    expect(dead).toMatchObject({ reason: 'rejected' });
    expect(dead.detail).toContain(String(code));
    life.deliveries.requeue(id);
    life.worker.wake();
    await until(life, id, 'delivered');
    expect(smtp.taken).toHaveLength(1);
  });

  test('who has got it does not get it again when another one is refused', async () => {
    smtp.next({ kind: 'refuse_recipient', address: 'bob@example.org', code: 450 });
    const life = live();
    const id = post(life, { cc: ['bob@example.org'] });
    const waiting = await untilSetBack(life, id);
    expect(waiting).toMatchObject({ state: 'queued', reason: 'mail_busy' });
    expect(waiting.detail).toContain('ann@example.org got it');
    clock.advance(60_000);
    await until(life, id, 'delivered');
    expect(smtp.taken.map(({ to }) => to)).toEqual([['ann@example.org'], ['bob@example.org']]);
    expect(headerOf(smtp.taken[1]?.source ?? '', 'To')).toBe('ann@example.org');
  });

  test('all recipients are refused for good', async () => {
    smtp.next({ kind: 'refuse_recipient', address: 'ann@example.org', code: 550 });
    const life = live();
    const id = post(life);
    expect(await until(life, id, 'dead')).toMatchObject({
      reason: 'rejected',
      detail: expect.stringContaining('ann@example.org'),
    });
  });

  test('a connection that breaks before all of it was given is tried again', async () => {
    smtp.next({ kind: 'cut_before' });
    const life = live();
    // More than fits into the buffers on the way: it can't have been given.
    const content = Buffer.alloc(8 * 2 ** 20, 'x');
    const id = post(life, { attachments: [{ name: 'big.txt', type: 'text/plain', content }] });
    const row = await untilSetBack(life, id);
    // Which of the two depends on what the system had taken; what counts is that it comes once.
    if (row.state === 'dead') life.deliveries.requeue(id);
    clock.advance(60_000);
    life.worker.wake();
    await until(life, id, 'delivered');
    expect(smtp.taken).toHaveLength(1);
  });

  test('one that was taken without a word is in doubt, and not sent again by itself', async () => {
    smtp.next({ kind: 'cut_after' });
    const life = live();
    const id = post(life);
    const dead = await until(life, id, 'dead');
    expect(dead).toMatchObject({ reason: 'uncertain' });
    expect(life.mails.summary(dead.seq)).toMatchObject({ doubtful: true });
    clock.advance(24 * 3_600_000);
    life.worker.wake();
    expect(smtp.taken).toHaveLength(1);
    life.deliveries.requeue(id);
    life.worker.wake();
    await until(life, id, 'delivered');
    const ids = smtp.taken.map(({ source }) => headerOf(source, 'Message-ID'));
    expect(ids).toEqual([`<${id}@example.org>`, `<${id}@example.org>`]);
  });

  test('a gateway that dies while it hands over leaves a doubt, and no second mail', async () => {
    const silent: MailTransport = {
      name: 'a server that is slow',
      check: async () => undefined,
      send: (_mail, onBegin) => {
        onBegin();
        return new Promise(() => {});
      },
    };
    const first = live(silent);
    const id = post(first);
    await until(first, id, 'sending');
    // The process is gone: nothing of its life goes on.
    lives.length = 0;
    const second = live();
    expect(rowOf(second, id)).toMatchObject({ state: 'dead', reason: 'uncertain' });
    expect(second.ended).toEqual([[id, 'dead']]);
    expect(smtp.taken).toEqual([]);
  });

  test('no server is reached: again and again, for about a day', async () => {
    const { port } = smtp;
    await smtp.close();
    const life = live(smtpOf(`smtp://127.0.0.1:${port}`));
    const id = post(life);
    for (let n = 1; n <= 51; n += 1) {
      await vi.waitFor(
        () => expect(rowOf(life, id)).toMatchObject({ state: 'queued', attempts: n }),
        { timeout: 10_000 },
      );
      clock.advance(30 * 60_000);
    }
    expect(await until(life, id, 'dead')).toMatchObject({
      reason: 'unreachable',
      detail: expect.stringContaining('52 times'),
    });
    smtp = await startTestSmtp();
  });

  test('without a way to send, it is dead and says what to set', async () => {
    const life = live('none');
    const id = post(life);
    expect(await until(life, id, 'dead')).toMatchObject({
      reason: 'mail_unconfigured',
      detail: expect.stringContaining('SMTP_URL'),
    });
  });

  test('what fails after it has begun is in doubt: it is not sent again', async () => {
    let sent = 0;
    const life = live({
      name: 'Mail.app',
      check: async () => undefined,
      send: async (_mail, onBegin) => {
        onBegin();
        sent += 1;
        throw new Error('its files could not be removed');
      },
    });
    const id = post(life);
    expect(await until(life, id, 'dead')).toMatchObject({
      reason: 'uncertain',
      detail: expect.stringContaining('its files could not be removed'),
    });
    expect(sent).toBe(1);
  });

  test('one that can’t even be made ready holds up no other', async () => {
    const server = smtpOf(`smtp://127.0.0.1:${smtp.port}`);
    const life = live({
      name: 'a server',
      check: async () => undefined,
      send: (mail, onBegin, signal) => {
        if (mail.subject === 'Odd') throw new Error('it can’t be put together');
        return server.send(mail, onBegin, signal);
      },
    });
    const odd = post(life, { subject: 'Odd' });
    const other = post(life);
    await until(life, other, 'delivered');
    expect(rowOf(life, odd)).toMatchObject({ state: 'queued', attempts: 1, reason: 'unreachable' });
  });

  test('one that is due and not looked at is seen to be', async () => {
    const life = live();
    expect(life.worker.overdueMs()).toBeUndefined();
    const { mails } = life;
    const newDeliveryId = () => DeliveryId.parse(randomUUID());
    const unheard = new Mailbox({ database, mails, now: clock.now, newDeliveryId, wake: () => {} });
    const source = { kind: 'report' as const, id: 'morning' };
    unheard.post({ chat: chat('7'), source, mail: letter() });
    clock.advance(61_000);
    expect(life.worker.overdueMs()).toBe(61_000);
    life.worker.wake();
    await vi.waitFor(() => expect(smtp.taken).toHaveLength(1));
    await vi.waitFor(() => expect(life.worker.overdueMs()).toBeUndefined());
  });

  test('it is given up and told in one, or neither', async () => {
    failToTell = () => {
      throw new Error('the disk is full');
    };
    const life = live('none');
    const id = post(life);
    await vi.waitFor(() => expect(life.told).toMatchObject([{ id, state: 'dead' }]));
    expect(rowOf(life, id)).toMatchObject({ state: 'queued' });
    failToTell = () => {};
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    clock.advance(5_000);
    await until(life, id, 'dead');
    expect(life.told).toHaveLength(2);
    expect(life.ended).toEqual([[id, 'dead']]);
  });
});
