import { type ErrorCode, GatewayError } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import Fastify, { type FastifyBaseLogger } from 'fastify';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answerErrors, errorBody, toGatewayError } from './error-answers.ts';
import { createTestLog } from './test-log.ts';

const coded = (code: string): Error => Object.assign(new Error('internal words'), { code });
const sqliteFault = (code: string): Error => new Sqlite.SqliteError('internal words', code);

describe('toGatewayError', () => {
  test.each<[string, unknown, ErrorCode]>([
    ['a body over the limit', coded('FST_ERR_CTP_BODY_TOO_LARGE'), 'body_too_large'],
    ['another type', coded('FST_ERR_CTP_INVALID_MEDIA_TYPE'), 'unsupported_media_type'],
    ['a wrong length', coded('FST_ERR_CTP_INVALID_CONTENT_LENGTH'), 'malformed_json'],
    ['a broken address', coded('FST_ERR_BAD_URL'), 'not_found'],
    ['a full disk', sqliteFault('SQLITE_FULL'), 'database_unavailable'],
    ['a fault of the disk', sqliteFault('SQLITE_IOERR_WRITE'), 'database_unavailable'],
    ['a disk that is read-only', sqliteFault('SQLITE_READONLY'), 'database_unavailable'],
    ['another writer', sqliteFault('SQLITE_BUSY'), 'database_unavailable'],
    ['a file that is gone', sqliteFault('SQLITE_CANTOPEN'), 'database_unavailable'],
    ['a broken rule of ours', sqliteFault('SQLITE_CONSTRAINT_UNIQUE'), 'internal'],
    ['a fault of ours', new TypeError('x is undefined'), 'internal'],
    ['a code that only looks known', coded('constructor'), 'internal'],
    ['a code that is no text', Object.assign(new Error('x'), { code: 7 }), 'internal'],
    ['a text', 'thrown', 'internal'],
    ['nothing', undefined, 'internal'],
    ['null', null, 'internal'],
  ])('%s', (_what, fault, code) => {
    const error = toGatewayError(fault, 10);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('internal words');
    expect(error.cause).toBe(fault);
  });

  test('what is in the words of the contract already stays as it is', () => {
    const error = new GatewayError('queue_full', 'Later, please.');
    expect(toGatewayError(error, 10)).toBe(error);
  });

  test('the limit is named', () => {
    expect(toGatewayError(coded('FST_ERR_CTP_BODY_TOO_LARGE'), 25).message).toContain('25 MB');
  });
});

test('a body has the issues where there are some, else the sentence', () => {
  const issues = [{ loc: ['body', 'x'], msg: 'bad', type: 'custom' }];
  expect(errorBody(new GatewayError('invalid_input', 'bad', { issues }))).toEqual({
    detail: issues,
  });
  expect(errorBody(new GatewayError('not_found', 'Gone.'))).toEqual({ detail: 'Gone.' });
});

describe('answers', () => {
  function serverThatThrows(fault: unknown) {
    const { logger, lines } = createTestLog();
    const loggerInstance: FastifyBaseLogger = logger;
    const app = Fastify({ loggerInstance });
    onTestFinished(() => app.close());
    answerErrors(app, 10);
    app.get('/fault', () => {
      throw fault;
    });
    return { app, lines };
  }

  test('a fault of ours shows nothing of itself, and is logged with its stack', async () => {
    const fault = new Error('password hunter2 in /secret/place');
    const { app, lines } = serverThatThrows(fault);
    const answer = await app.inject('/fault');
    expect(answer.statusCode).toBe(500);
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(Object.keys(answer.json<object>())).toEqual(['detail']);
    expect(answer.body).not.toMatch(/hunter2|secret|Error|\bat\b/);
    const logged = lines.find((line) => line.includes('hunter2'));
    expect(logged).toContain('error-answers.test');
  });

  test('the form is the same for one that is the caller’s, which is not logged as ours', async () => {
    const { app, lines } = serverThatThrows(
      new GatewayError('not_found', 'There is no such chat.'),
    );
    const answer = await app.inject('/fault');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({ detail: 'There is no such chat.' });
    expect(answer.headers['x-error-code']).toBe('not_found');
    expect(lines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  test('issues are listed', async () => {
    const issues = [{ loc: ['query', 'limit'], msg: 'too small', type: 'too_small' }];
    const { app } = serverThatThrows(new GatewayError('invalid_input', 'bad', { issues }));
    const answer = await app.inject('/fault');
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toEqual({ detail: issues });
  });

  test('a database that cannot be written is a part that is down', async () => {
    const { app, lines } = serverThatThrows(sqliteFault('SQLITE_FULL'));
    const answer = await app.inject('/fault');
    expect(answer.statusCode).toBe(503);
    expect(answer.body).not.toContain('internal words');
    expect(lines.join('')).toContain('internal words');
  });

  test('an unknown route is named, without its query', async () => {
    const { app } = serverThatThrows(undefined);
    const answer = await app.inject({ method: 'DELETE', url: '/nowhere?token=hunter2' });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({ detail: expect.stringContaining('DELETE /nowhere here') });
    expect(answer.body).not.toContain('hunter2');
  });

  test('an unknown route of any length gets a short answer', async () => {
    const { app } = serverThatThrows(undefined);
    const answer = await app.inject(`/${'x'.repeat(5000)}`);
    expect(answer.statusCode).toBe(404);
    expect(answer.body.length).toBeLessThan(400);
  });
});
