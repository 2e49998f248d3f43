import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { UserFault } from '../user-fault.ts';
import { askValues, brokenOff } from './ask-values.ts';
import { initCommand } from './init-command.ts';
import { questions } from './questions.ts';

let directory: string;
let envFile: string;
let said = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'init-'));
  envFile = join(directory, '.env');
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

const init = (set: string[], environment: Record<string, string> = {}, json = false) =>
  initCommand({ set, yes: true, json }, { processEnvironment: environment, envFile });

describe('without questions', () => {
  test('writes what is given, for its owner alone, each with what it is for', async () => {
    expect(await init(['PORT=8001', 'CLAUDE_MODEL=a model'])).toBe(0);
    const text = readFileSync(envFile, 'utf8');
    expect(parseEnv(text)).toEqual({ PORT: '8001', CLAUDE_MODEL: 'a model' });
    expect(text).toContain('# Port to listen on');
    expect(statSync(envFile).mode & 0o777).toBe(0o600);
    expect(said).toContain('PORT, CLAUDE_MODEL');
    expect(said).toContain('mini-claude-bot start');
  });

  test('keeps what is there, to the letter', async () => {
    const before = '# mine\nPORT=9000   # yes\n\nHOST=127.0.0.1';
    writeFileSync(envFile, before);
    await init(['LOG_LEVEL=debug', 'PORT=9000']);
    expect(readFileSync(envFile, 'utf8').startsWith(before)).toBe(true);
    expect(parseEnv(readFileSync(envFile, 'utf8'))).toEqual({
      PORT: '9000',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'debug',
    });
    expect(said).toContain('Kept as it was: HOST, PORT.');
  });

  test('for programs', async () => {
    await init(['PORT=8001'], { HOST: '::1' }, true);
    expect(JSON.parse(said)).toEqual({ file: envFile, written: ['PORT'], kept: ['HOST'] });
  });

  test('a second time it changes nothing', async () => {
    await init(['PORT=8001']);
    const before = readFileSync(envFile, 'utf8');
    await init(['PORT=8001']);
    await init([]);
    expect(readFileSync(envFile, 'utf8')).toBe(before);
  });

  test.each<[string, string[], 1 | 2, RegExp]>([
    ['a variable that is none', ['PROT=1'], 2, /no such variable/],
    ['no value', ['PORT'], 2, /NAME=VALUE/],
    [
      'a bad value',
      ['HOST=::1', 'PORT=abc'],
      2,
      /^PORT: "abc" is not valid; it must be a whole number/,
    ],
    [
      'a secret that others could see',
      ['METRICS_SECRET=canary'],
      2,
      /others can see a command line/,
    ],
    ['what is set otherwise', ['LOG_LEVEL=debug'], 1, /LOG_LEVEL is set already/],
  ])('%s is refused, and nothing is written', async (_what, set, exitCode, words) => {
    const asked = init(set, { LOG_LEVEL: 'info' });
    await expect(asked).rejects.toThrow(UserFault);
    await expect(asked).rejects.toMatchObject({ exitCode, message: expect.stringMatching(words) });
    await expect(asked).rejects.not.toThrow('canary');
    expect(existsSync(envFile)).toBe(false);
  });
});

describe('with questions', () => {
  const answer = async (typed: string) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let shown = '';
    output.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    input.end(typed);
    return { answers: await askValues(questions, { input, output }), shown: () => shown };
  };

  test('Enter takes the default; a bad answer is asked again', async () => {
    const { answers, shown } = await answer('\nabc\n8002\nplan\n\n123:secret\n');
    expect(answers).toEqual(
      new Map([
        ['PORT', '8002'],
        ['CLAUDE_PERMISSION_MODE', 'plan'],
        ['TELEGRAM_BOT_TOKEN', '123:secret'],
      ]),
    );
    expect(shown()).toContain('PORT: "abc" is not valid');
    expect(shown().match(/PORT \[8000\]/g)).toHaveLength(2);
    expect(shown()).not.toContain('123:secret');
  });

  test('an input that ends before all is answered chooses nothing', async () => {
    expect((await answer('0.0.0.0\n')).answers).toBe(brokenOff);
  });
});
