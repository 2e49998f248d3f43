import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { OutgoingMail } from './mail.ts';
import { readSmtpUrl } from './read-smtp-url.ts';
import { SmtpTransport } from './smtp-transport.ts';
import { startTestSmtp, type TestSmtpServer } from './test-smtp-server.ts';

let home: string;
let smtp: TestSmtpServer | undefined;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-smtp-'));
  const words =
    'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
  execFileSync('openssl', [...words.split(' '), '-keyout', 'key.pem', '-out', 'cert.pem'], {
    cwd: home,
    stdio: 'ignore',
  });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(async () => {
  await smtp?.close();
  smtp = undefined;
});

const mail: OutgoingMail = {
  messageId: '<1@example.org>',
  from: 'reports@example.org',
  to: ['ann@example.org'],
  cc: [],
  pending: ['ann@example.org'],
  subject: 'Hello',
  text: 'Hello',
  html: undefined,
  attachments: [],
  references: [],
  at: 0,
};
const never = new AbortController().signal;
const certificates = () => ({
  key: readFileSync(join(home, 'key.pem')),
  cert: readFileSync(join(home, 'cert.pem')),
});
const password = 'p@ss:w/rd 密';
const withLogin: SMTPServerOptions = {
  disabledCommands: [],
  authOptional: false,
  onAuth: (given, _session, done) => {
    const right = given.username === 'ann' && given.password === password;
    if (right) done(null, { user: 'ann' });
    else done(new Error('wrong name or password'));
  },
};
const transport = (scheme: string, port: number, login = '', ca?: string): SmtpTransport => {
  const server = readSmtpUrl(`${scheme}://${login}localhost:${port}`);
  if (server === undefined) throw new Error('it is no address');
  return new SmtpTransport(server, ca);
};
const right = `ann:${encodeURIComponent(password)}@`;

test.each(['smtps', 'smtp'])('by %s, encrypted and logged in', async (scheme) => {
  smtp = await startTestSmtp({ ...withLogin, ...certificates(), secure: scheme === 'smtps' });
  const trusted = transport(scheme, smtp.port, right, join(home, 'cert.pem'));
  expect(await trusted.check(never)).toBeUndefined();
  expect(smtp.taken).toEqual([]);
  expect(await trusted.send(mail, () => {}, never)).toMatchObject({ kind: 'sent' });
  expect(smtp.taken).toMatchObject([{ secure: true, user: 'ann' }]);
});

test('a wrong password is told apart, and not repeated', async () => {
  smtp = await startTestSmtp({ ...withLogin, ...certificates(), secure: true });
  const result = await transport(
    'smtps',
    smtp.port,
    'ann:wrong-password@',
    join(home, 'cert.pem'),
  ).send(mail, () => {}, never);
  expect(result).toMatchObject({ kind: 'login_refused' });
  expect(JSON.stringify(result)).not.toContain('wrong-password');
});

test('a certificate that nobody knows is not trusted', async () => {
  smtp = await startTestSmtp({ ...withLogin, ...certificates(), secure: true });
  const result = await transport('smtps', smtp.port, right).check(never);
  expect(result).toMatchObject({
    kind: 'unreachable',
    words: expect.stringMatching(/self.signed/i),
  });
});

test('a password goes to no other machine in the clear', async () => {
  smtp = await startTestSmtp({
    ...withLogin,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
  });
  // This machine by an address that does not say so.
  const server = {
    host: '0.0.0.0',
    port: smtp.port,
    secure: false,
    login: { user: 'ann', pass: password },
  };
  const result = await new SmtpTransport(server, undefined).send(mail, () => {}, never);
  expect(result).toMatchObject({ kind: 'unsafe' });
  // To this machine itself it may.
  expect(await transport('smtp', smtp.port, right).check(never)).toBeUndefined();
});

test('one that is stopped before it began has reached nobody', async () => {
  smtp = await startTestSmtp();
  expect(
    await transport('smtp', smtp.port).send(mail, () => {}, AbortSignal.abort()),
  ).toMatchObject({ kind: 'unreachable' });
});

test.each([
  [
    'smtps://a%40b.org:p%3Ass@mail.example.org',
    { host: 'mail.example.org', port: 465, secure: true, login: { user: 'a@b.org', pass: 'p:ss' } },
  ],
  [
    'smtp://mail.example.org:25',
    { host: 'mail.example.org', port: 25, secure: false, login: undefined },
  ],
  ['smtp://mail.example.org', { port: 587 }],
  ['smtp://[::1]:2525', { host: '::1' }],
])('%s is read', (url, server) => {
  expect(readSmtpUrl(url)).toMatchObject(server);
});

test.each([
  '',
  'mail.example.org',
  'http://mail.example.org',
  'smtp://',
  'smtp://h/path',
  'smtp://h?pool=true',
  'smtp://%zz@h',
])('%j is none', (url) => {
  expect(readSmtpUrl(url)).toBeUndefined();
});
