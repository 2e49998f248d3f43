import { describe, expect, test } from 'vitest';
import { ErrorBody, ErrorCode, errorCatalogue, errorCodes, GatewayError } from './errors.ts';

describe('the catalogue', () => {
  /** The statuses that existing clients know, and what for. */
  test.each<[number, ErrorCode[]]>([
    [404, ['not_found']],
    [413, ['body_too_large', 'message_too_large', 'prompt_too_long']],
    [415, ['unsupported_media_type']],
    [422, ['invalid_input', 'malformed_json']],
    [429, ['queue_full', 'rate_limited', 'too_many_requests']],
    [500, ['internal']],
    [
      503,
      [
        'database_unavailable',
        'shutting_down',
        'queue_timeout',
        'memory_low',
        'directory_unusable',
        'claude_missing',
        'claude_too_old',
        'claude_start_failed',
        'not_logged_in',
        'overloaded',
        'billing',
        'model_unavailable',
        'api_error',
        'claude_crashed',
        'claude_killed',
        'no_progress',
        'turn_timeout',
        'interrupted',
      ],
    ],
  ])('%i', (status, codes) => {
    for (const code of codes) expect(errorCatalogue[code].status).toBe(status);
  });

  test('no code has a status that existing clients do not know', () => {
    // None of them sends an address that is too long.
    const known = [401, 403, 404, 409, 413, 414, 415, 422, 429, 500, 503];
    expect(known).toEqual(expect.arrayContaining(errorCodes.map((c) => errorCatalogue[c].status)));
  });

  test('every code says what it means, in a sentence', () => {
    for (const code of errorCodes) {
      expect(errorCatalogue[code].meaning).toMatch(/^[A-Z].*\.$/);
      expect(ErrorCode.parse(code)).toBe(code);
    }
  });
});

describe('GatewayError', () => {
  test('has the status of its code', () => {
    expect(new GatewayError('not_found', 'none').status).toBe(404);
    expect(new GatewayError('rate_limited', 'later').status).toBe(429);
  });

  test('keeps its cause and its issues', () => {
    const cause = new Error('disk');
    const issues = [{ loc: ['body', 'x'], msg: 'bad', type: 'custom' }];
    const error = new GatewayError('invalid_input', 'bad', { issues, cause });
    expect(error).toMatchObject({ name: 'GatewayError', message: 'bad', issues, cause });
    expect(new GatewayError('internal', 'x').issues).toEqual([]);
    expect('cause' in new GatewayError('internal', 'x')).toBe(false);
  });
});

test('a body is a sentence, or a list of faults', () => {
  expect(ErrorBody.safeParse({ detail: 'Gone.' }).success).toBe(true);
  const issue = { loc: ['body', 'list', 0], msg: 'bad', type: 'missing' };
  expect(ErrorBody.safeParse({ detail: [issue] }).success).toBe(true);
  expect(ErrorBody.safeParse({ error: 'Gone.' }).success).toBe(false);
  expect(ErrorBody.safeParse({ detail: [{ loc: 'body' }] }).success).toBe(false);
});
