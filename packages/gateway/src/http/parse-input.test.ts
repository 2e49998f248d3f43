import { GatewayError, type Operation, operations } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { localOwner } from './caller.ts';
import type { RawInput } from './parse-input.ts';
import * as parser from './parse-input.ts';

const raw = (over: Partial<RawInput> = {}): RawInput => ({
  path: {},
  query: {},
  headers: {},
  body: undefined,
  ...over,
});

/** As a caller who may act for all bots. */
const inputParser = <O extends Operation>(operation: O) => {
  const parse = parser.inputParser(operation);
  return (input: RawInput) => parse(input, localOwner);
};

function faultOf(operation: Operation, input: RawInput): GatewayError {
  try {
    inputParser(operation)(input);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  return expect.unreachable('the input was taken');
}

/** An operation with a field of every kind at every place. */
const probe = {
  id: 'probe',
  method: 'POST',
  path: '/probe/{size}/{name}',
  tag: 'system',
  access: 'anyone',
  summary: 'Probe',
  input: z.object({
    size: z.int().max(10),
    name: z.string(),
    asked: z.boolean().default(false),
    ratio: z.number().nullish(),
    mood: z.enum(['good', 'bad']).optional(),
    told: z.int().optional(),
    both: z.int().default(0),
  }),
  places: { asked: 'query', ratio: 'query', mood: 'query', both: 'either' },
  headers: { told: 'X-Told', mood: 'X-Mood' },
  output: { kind: 'json', status: 200, schema: z.object({}) },
  errors: [],
} as const satisfies Operation;

const path = { size: '3', name: '007' };
const parseProbe = (over: Partial<RawInput>) =>
  inputParser(probe)(raw({ path, body: {}, ...over }));

describe('where fields come from', () => {
  test('each from its own place, and from no other', () => {
    const input = parseProbe({
      query: { asked: 'true', name: 'x', size: '9', told: '1' },
      body: { told: 5, name: 'y', size: 8, asked: true },
    });
    expect(input).toEqual({ size: 3, name: '007', asked: true, told: 5, both: 0 });
  });

  test('from either place: the body wins', () => {
    expect(parseProbe({ query: { both: '1' }, body: { both: 2 } }).both).toBe(2);
    expect(parseProbe({ query: { both: '1' } }).both).toBe(1);
    expect(parseProbe({ body: { both: 2 } }).both).toBe(2);
    expect(parseProbe({}).both).toBe(0);
  });

  test('a session is reset with its bot in the body, in the query, or unnamed', () => {
    const parse = inputParser(operations.resetSession);
    const chat = { path: { chat_id: '1' } };
    expect(parse(raw(chat))).toEqual({ chat_id: '1', bot_id: 'default' });
    expect(parse(raw({ ...chat, query: { bot_id: 'q' } })).bot_id).toBe('q');
    expect(parse(raw({ ...chat, query: { bot_id: 'q' }, body: { bot_id: 'b' } })).bot_id).toBe('b');
    expect(parse(raw({ ...chat, query: { bot_id: 'q' }, body: {} })).bot_id).toBe('q');
  });

  test('from a header where it has one, unless it is in its own place', () => {
    const headers = { 'x-told': '5', 'x-mood': 'good', told: '9', 'x-name': 'x' };
    expect(parseProbe({ headers })).toMatchObject({ told: 5, mood: 'good', name: '007' });
    const here = parseProbe({ headers, query: { mood: 'bad' }, body: { told: 6 } });
    expect(here).toMatchObject({ told: 6, mood: 'bad' });
  });

  test('fields that an operation does not have are left out', () => {
    const input = inputParser(operations.ping)(raw({ query: { x: '1' }, body: { y: 2 } }));
    expect(input).toEqual({});
  });
});

describe('text of paths and queries', () => {
  test.each<[string, unknown]>([
    ['1.5', 1.5],
    ['-2', -2],
    ['0', 0],
  ])('%s is read as a number where one is meant', (text, ratio) => {
    expect(parseProbe({ query: { ratio: text } }).ratio).toBe(ratio);
  });

  test.each(['', ' ', '1e3', '0x1', 'NaN', 'Infinity', '1,5', '٣', '1 '])(
    '%j is no number',
    (text) => {
      expect(faultOf(probe, raw({ path, body: {}, query: { ratio: text } })).issues).toMatchObject([
        { loc: ['query', 'ratio'], type: 'invalid_type' },
      ]);
    },
  );

  test.each<[string, boolean]>([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('%s is read as a truth', (text, asked) => {
    expect(parseProbe({ query: { asked: text } }).asked).toBe(asked);
  });

  test('what is text stays text, also when it looks like a number', () => {
    expect(parseProbe({}).name).toBe('007');
  });

  test('of a field that is given twice, the last one counts', () => {
    expect(parseProbe({ query: { ratio: ['1', '2'] } }).ratio).toBe(2);
  });

  test('numbers in a body must be numbers', () => {
    expect(faultOf(probe, raw({ path, body: { told: '5' } })).issues).toMatchObject([
      { loc: ['body', 'told'], type: 'invalid_type' },
    ]);
  });
});

describe('bodies', () => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'missing'],
    ['null', null, 'model_type'],
    ['an array', [], 'model_type'],
    ['an array of fields', [{ chat_id: '1', message: 'hi' }], 'model_type'],
    ['a text', 'chat_id=1', 'model_type'],
    ['a number', 7, 'model_type'],
    ['a truth', true, 'model_type'],
  ])('%s is not the object that is needed', (_what, body, type) => {
    const fault = faultOf(operations.sendMessage, raw({ body }));
    expect(fault.status).toBe(422);
    expect(fault.issues).toEqual([{ loc: ['body'], msg: expect.any(String), type }]);
  });

  test('where none is needed, none may be sent, but no other thing than an object', () => {
    expect(inputParser(operations.reapSessions)(raw())).toEqual({});
    expect(inputParser(operations.reapSessions)(raw({ body: {} }))).toEqual({});
    expect(faultOf(operations.reapSessions, raw({ body: [] })).issues).toMatchObject([
      { loc: ['body'], type: 'model_type' },
    ]);
  });

  test('names that every object has are fields like any other', () => {
    const body: unknown = JSON.parse(
      '{"chat_id":"1","message":"hi","__proto__":{"bot_id":"evil"},"constructor":{"prototype":1},"toString":2}',
    );
    const input = inputParser(operations.sendMessage)(raw({ body }));
    expect(input).toEqual({ chat_id: '1', message: 'hi', bot_id: 'default' });
    expect(input.bot_id).toBe('default');
    expect(Object.getPrototypeOf(input)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('bot_id');
  });

  test('a field that only the prototype of the body has is missing', () => {
    const body: unknown = JSON.parse('{"message":"hi","__proto__":{"chat_id":"evil"}}');
    expect(faultOf(operations.sendMessage, raw({ body })).issues).toMatchObject([
      { loc: ['body', 'chat_id'], type: 'missing' },
    ]);
  });
});

describe('faults', () => {
  test.each<[string, Operation, Partial<RawInput>, object[]]>([
    [
      'missing fields',
      operations.sendMessage,
      { body: {} },
      [
        { loc: ['body', 'chat_id'], msg: 'Field required', type: 'missing' },
        { loc: ['body', 'message'], msg: 'Field required', type: 'missing' },
      ],
    ],
    [
      'a missing choice',
      operations.addChatMessage,
      { body: { session_id: 's', content: 'c' } },
      [{ loc: ['body', 'role'], msg: 'Field required', type: 'missing' }],
    ],
    [
      'a wrong type',
      operations.sendMessage,
      { body: { chat_id: 7, message: 'hi' } },
      [{ loc: ['body', 'chat_id'], type: 'invalid_type', msg: expect.stringContaining('string') }],
    ],
    [
      'null for what may not be null',
      operations.sendMessage,
      { body: { chat_id: '1', message: null } },
      [{ loc: ['body', 'message'], type: 'invalid_type', msg: expect.stringContaining('null') }],
    ],
    [
      'a bad id in a path',
      operations.queueStatus,
      { path: { chat_id: '..' } },
      [{ loc: ['path', 'chat_id'], msg: 'must not be "." or ".."' }],
    ],
    [
      'a bad id in a query',
      operations.listSessions,
      { query: { bot_id: 'a/b' } },
      [{ loc: ['query', 'bot_id'], msg: 'must not contain "/"' }],
    ],
    [
      'a bad id that came in the body',
      operations.resetSession,
      { path: { chat_id: '1' }, body: { bot_id: '' } },
      [{ loc: ['body', 'bot_id'], msg: 'must not be empty' }],
    ],
    [
      'the same that came in the query',
      operations.resetSession,
      { path: { chat_id: '1' }, query: { bot_id: '' } },
      [{ loc: ['query', 'bot_id'], msg: 'must not be empty' }],
    ],
    [
      'a number out of range',
      operations.getChatSession,
      { path: { session_id: 's' }, query: { limit: '-1' } },
      [{ loc: ['query', 'limit'], type: 'too_small' }],
    ],
  ])('%s', (_what, operation, input, issues) => {
    const fault = faultOf(operation, raw(input));
    expect(fault.code).toBe('invalid_input');
    expect(fault.issues).toMatchObject(issues);
    expect(fault.issues).toHaveLength(issues.length);
  });

  test('are said in one line, too', () => {
    expect(faultOf(operations.sendMessage, raw({ body: {} })).message).toBe(
      'body.chat_id: Field required; body.message: Field required',
    );
  });

  test('any body is either taken or refused in words', () => {
    const name = fc.constantFrom('chat_id', 'message', 'bot_id', 'user_id', '__proto__', 'x');
    const value = fc.oneof(
      fc.json().map((text): unknown => JSON.parse(text)),
      fc.string(),
    );
    const body = fc.oneof(fc.dictionary(name, value), value);
    const parse = inputParser(operations.sendMessage);
    fc.assert(
      fc.property(body, (body) => {
        try {
          const { chat_id, message } = parse(raw({ body }));
          expect([chat_id, message]).toEqual([expect.any(String), expect.any(String)]);
        } catch (error) {
          if (!(error instanceof GatewayError)) throw error;
          expect(error.status).toBe(422);
          expect(error.issues.length).toBeGreaterThan(0);
          for (const { loc } of error.issues) expect(loc[0]).toBe('body');
        }
      }),
      { numRuns: 300 },
    );
  });
});
