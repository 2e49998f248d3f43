import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OutgoingMail } from './mail.ts';
import { mailAppScript } from './mail-app-script.ts';
import { MailAppTransport } from './mail-app-transport.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-mail-app-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** What stands in for Mail within the sandbox: enough of its scripting dictionary to send a mail. */
interface FakeMail {
  readonly sent: unknown[];
  readonly fail?: 'push' | 'send';
  readonly refuses?: boolean;
}

/** Run the script as osascript would. @returns what it prints */
function runScript(job: unknown, mail: FakeMail): unknown {
  const file = join(home, 'job.json');
  writeFileSync(file, JSON.stringify(job));
  const made = (kind: string) => (properties: object) => ({ kind, ...properties });
  const application = {
    accounts: [{}],
    outgoingMessages: {
      push: () => {
        if (mail.fail === 'push')
          throw new Error('Error: Not authorized to send Apple events to Mail. (-1743)');
      },
    },
    OutgoingMessage: (properties: object) => {
      const message = {
        ...properties,
        toRecipients: [] as unknown[],
        ccRecipients: [] as unknown[],
        attachments: [] as unknown[],
        send: () => {
          if (mail.fail === 'send') throw new Error('Error: AppleEvent timed out. (-1712)');
          mail.sent.push(JSON.parse(JSON.stringify(message)));
          return mail.refuses !== true;
        },
      };
      return message;
    },
    ToRecipient: made('to'),
    CcRecipient: made('cc'),
    Attachment: made('attachment'),
  };
  const sandbox = {
    ObjC: { import: () => {}, unwrap: (value: unknown) => value },
    $: {
      NSUTF8StringEncoding: 4,
      NSString: {
        stringWithContentsOfFileEncodingError: (path: string, encoding: number) => {
          expect(encoding).toBe(4);
          return readFileSync(path, 'utf8');
        },
      },
    },
    Application: (name: string) => {
      expect(name).toBe('Mail');
      return application;
    },
    Path: (path: string) => ({ path }),
    delay: () => {},
    argv: [file],
  };
  const printed: unknown = vm.runInNewContext(`${mailAppScript}\nrun(argv)`, sandbox);
  return JSON.parse(String(printed));
}

const nasty = '"; do shell script "touch pwned"; //\n`$` {x} \\u0027 早报';
const job = {
  kind: 'send',
  from: 'reports@example.org',
  to: ['ann@example.org'],
  cc: ['bob@example.org'],
  subject: nasty,
  text: nasty,
  files: ['/tmp/早报 "1".pdf'],
};

describe('the script', () => {
  test('hands Mail what it was given, whatever stands in it', () => {
    const mail: FakeMail = { sent: [] };
    expect(runScript(job, mail)).toEqual({ kind: 'sent' });
    expect(mail.sent).toEqual([
      {
        sender: 'reports@example.org',
        subject: nasty,
        content: nasty,
        visible: false,
        toRecipients: [{ kind: 'to', address: 'ann@example.org' }],
        ccRecipients: [{ kind: 'cc', address: 'bob@example.org' }],
        attachments: [{ kind: 'attachment', fileName: { path: '/tmp/早报 "1".pdf' } }],
      },
    ]);
  });

  test('says whether it had begun to send when it failed', () => {
    expect(runScript(job, { sent: [], fail: 'push' })).toMatchObject({
      kind: 'fault',
      begun: false,
    });
    expect(runScript(job, { sent: [], fail: 'send' })).toMatchObject({
      kind: 'fault',
      begun: true,
    });
    expect(runScript(job, { sent: [], refuses: true })).toEqual({ kind: 'refused' });
    expect(runScript({ kind: 'check' }, { sent: [] })).toEqual({ kind: 'checked', accounts: 1 });
  });
});

const mail: OutgoingMail = {
  messageId: '<1@example.org>',
  from: job.from,
  to: job.to,
  cc: job.cc,
  pending: [...job.to, ...job.cc],
  subject: nasty,
  text: nasty,
  html: undefined,
  attachments: [{ name: '早报.pdf', type: 'application/pdf', content: Buffer.from('%PDF') }],
  references: [],
  at: 0,
};

/** A program in the place of osascript. */
const osascript = (words: string): string => {
  const file = join(home, 'osascript');
  writeFileSync(file, `#!/bin/sh\n${words}\n`, { mode: 0o755 });
  return file;
};
const send = (words: string) =>
  new MailAppTransport({
    program: words === '' ? join(home, 'nowhere') : osascript(words),
    environment: process.env,
  }).send(mail, () => {}, new AbortController().signal);

describe('the transport', () => {
  test('gives everything by file, and takes the files away', async () => {
    const result = await send(
      `printf '%s\\n' "$@" > ${home}/words; cp "$4" ${home}/job.json; cp -r "$(dirname "$4")" ${home}/given; echo '{"kind":"sent"}'`,
    );
    expect(result).toEqual({
      kind: 'sent',
      accepted: ['ann@example.org', 'bob@example.org'],
      refused: [],
    });
    const [, , script = '', parameters = ''] = readFileSync(join(home, 'words'), 'utf8').split(
      '\n',
    );
    expect(readFileSync(join(home, 'given', 'send.js'), 'utf8')).toBe(mailAppScript);
    expect(JSON.parse(readFileSync(join(home, 'job.json'), 'utf8'))).toMatchObject({
      subject: nasty,
      text: nasty,
    });
    expect([script, parameters].map((each) => existsSync(each))).toEqual([false, false]);
  });

  test.each([
    [`echo '{"kind":"refused"}'`, 'refused'],
    [
      `echo '{"kind":"fault","begun":false,"words":"Not authorized to send Apple events to Mail. (-1743)"}'`,
      'login_refused',
    ],
    [`echo '{"kind":"fault","begun":false,"words":"Mail got an error"}'`, 'unreachable'],
    [`echo '{"kind":"fault","begun":true,"words":"timed out"}'`, 'doubtful'],
    ['echo nonsense', 'doubtful'],
    ['exit 1', 'unreachable'],
    ['', 'unreachable'],
  ])('%j is %s', async (words, kind) => {
    expect(await send(words)).toMatchObject({ kind });
  });
});
