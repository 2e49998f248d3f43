import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { runTool, type ToolEnd } from '../host/run-tool.ts';
import type { OutgoingMail } from './mail.ts';
import { mailAppScript } from './mail-app-script.ts';
import type { MailFailure, MailResult, MailTransport } from './transport.ts';

/** Mail may have to start first. */
const limitMs = 120_000;

const Answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checked'), accounts: z.number() }),
  z.object({ kind: z.enum(['sent', 'refused']) }),
  z.object({ kind: z.literal('fault'), begun: z.boolean(), words: z.string() }),
]);
type Answer = z.infer<typeof Answer>;

export interface MailAppParts {
  /** `osascript`, or what stands in for it. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Sends by Mail.app of a Mac, with the account that the sender's address belongs to. Mail gives each mail an id of
 * its own and takes plain text alone; mails of a thread have the same subject, by which it puts them together.
 */
export class MailAppTransport implements MailTransport {
  readonly name = 'Mail.app';
  readonly #parts: MailAppParts;

  constructor(parts: MailAppParts) {
    this.#parts = parts;
  }

  async send(mail: OutgoingMail, onBegin: () => void, signal: AbortSignal): Promise<MailResult> {
    const left = (addresses: readonly string[]): string[] =>
      addresses.filter((address) => mail.pending.includes(address));
    const directory = await mkdtemp(join(tmpdir(), 'mcb-mail-'));
    try {
      const files: string[] = [];
      for (const [n, { name, content }] of mail.attachments.entries()) {
        // Its name is seen by whoever gets it; a directory of its own keeps two of one name apart.
        const file = join(await mkdtemp(join(directory, `${n}-`)), name);
        await writeFile(file, content);
        files.push(file);
      }
      const { from, subject, text } = mail;
      const job = {
        kind: 'send',
        from,
        subject,
        text,
        files,
        to: left(mail.to),
        cc: left(mail.cc),
      };
      onBegin();
      return resultOf(await this.#run(directory, job, signal), mail.pending);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async check(signal: AbortSignal): Promise<MailFailure | undefined> {
    const directory = await mkdtemp(join(tmpdir(), 'mcb-mail-'));
    try {
      const answer = await this.#run(directory, { kind: 'check' }, signal);
      if (answer.kind === 'checked' && answer.accounts > 0) return undefined;
      if (answer.kind === 'checked')
        return { kind: 'refused', words: 'Mail has no account; add one in its settings' };
      const result = resultOf(answer, []);
      return result.kind === 'sent' || result.kind === 'doubtful'
        ? { kind: 'unreachable', words: 'Mail does not answer' }
        : result;
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  async #run(
    directory: string,
    job: unknown,
    signal: AbortSignal,
  ): Promise<Answer | { kind: 'no_answer'; words: string; begun: boolean }> {
    const script = join(directory, 'send.js');
    const parameters = join(directory, 'mail.json');
    await writeFile(script, mailAppScript);
    await writeFile(parameters, JSON.stringify(job));
    const { program, environment } = this.#parts;
    const { PATH = '/usr/bin:/bin', HOME = '' } = environment;
    const end = await runTool(program, ['-l', 'JavaScript', script, parameters], {
      env: { PATH, HOME },
      limitMs,
      signal,
    });
    if (end.kind !== 'exited' || end.code !== 0)
      return { kind: 'no_answer', ...withoutAnswer(end) };
    const answer = Answer.safeParse(parsed(end.stdout));
    if (answer.success) return answer.data;
    return { kind: 'no_answer', begun: true, words: 'osascript printed something else' };
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Whether it can have reached anybody when it ended like that. */
function withoutAnswer(end: ToolEnd): { words: string; begun: boolean } {
  switch (end.kind) {
    case 'missing':
      return { begun: false, words: 'osascript is not there; only a Mac has it' };
    case 'timed_out':
      return { begun: true, words: `it took longer than ${limitMs / 1000} s` };
    case 'stopped':
      return { begun: true, words: 'it was stopped' };
    case 'failed':
      return { begun: true, words: end.why };
    case 'exited':
      return { begun: false, words: `osascript ended with code ${end.code}` };
  }
}

function resultOf(
  answer: Answer | { kind: 'no_answer'; words: string; begun: boolean },
  pending: readonly string[],
): MailResult {
  switch (answer.kind) {
    case 'sent':
      return { kind: 'sent', accepted: pending, refused: [] };
    case 'refused':
      return { kind: 'refused', words: 'Mail says that it was not sent' };
    case 'checked':
      return { kind: 'unreachable', words: 'Mail gave another answer than was asked for' };
    default: {
      if (answer.begun) return { kind: 'doubtful', words: answer.words };
      // -1743: the owner has not allowed it.
      const kind = /-1743|not allowed|not authori[sz]ed/i.test(answer.words)
        ? 'login_refused'
        : 'unreachable';
      return { kind, words: answer.words };
    }
  }
}
