import { type Operation, operations, type Place } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { prepareRequest } from './request.ts';

const field = z.unknown();
const probe: Operation = {
  id: 'probe',
  method: 'POST',
  path: '/a/{one}/b/{two}',
  tag: 'system',
  access: 'anyone',
  summary: 'Probe',
  input: z.object({ one: field, two: field, asked: field, both: field, told: field }),
  places: { asked: 'query', both: 'either' } satisfies Record<string, Place>,
  output: { kind: 'json', status: 200, schema: z.object({}) },
  errors: [],
};

const parsedBody = (body: string | undefined): unknown =>
  body === undefined ? undefined : JSON.parse(body);

describe('prepareRequest', () => {
  test('puts each field where it travels', () => {
    const input = { one: '1', two: '2', asked: 'x', both: 'y', told: { deep: [1, null] } };
    const { path, method, body } = prepareRequest(probe, input);
    expect(path).toBe('/a/1/b/2?asked=x');
    expect(method).toBe('POST');
    expect(parsedBody(body)).toEqual({ both: 'y', told: { deep: [1, null] } });
  });

  test('has no body and no question mark where nothing goes there', () => {
    expect(prepareRequest(operations.ping, {})).toEqual({
      path: '/api/health',
      method: 'GET',
      body: undefined,
    });
  });

  test('leaves out what is undefined, and sends null', () => {
    const { path, body } = prepareRequest(probe, {
      one: '1',
      two: '2',
      asked: undefined,
      told: undefined,
      both: null,
    });
    expect(path).toBe('/a/1/b/2');
    expect(parsedBody(body)).toEqual({ both: null });
  });

  test('writes numbers and truths into a query', () => {
    const { path } = prepareRequest(operations.getChatSession, { session_id: 'gw-a-b', limit: 20 });
    expect(path).toBe('/api/chat/sessions/gw-a-b?limit=20');
    expect(prepareRequest(probe, { one: 1, two: true, asked: false }).path).toBe(
      '/a/1/b/true?asked=false',
    );
  });

  test.each([
    ['a/b', 'a%2Fb'],
    ['a?b#c', 'a%3Fb%23c'],
    ['%2F', '%252F'],
    ['$& $1', '%24%26%20%241'],
    ['{two}', '%7Btwo%7D'],
    ['界', '%E7%95%8C'],
    ['...', '...'],
  ])('a path part %j is written %s', (value, text) => {
    expect(prepareRequest(probe, { one: value, two: '2' }).path).toBe(`/a/${text}/b/2`);
  });

  test.each(['', '.', '..'])('%j is refused as a path part', (value) => {
    expect(() => prepareRequest(probe, { one: value, two: '2' })).toThrow(RangeError);
  });

  test('any values come out of the address as they went in', () => {
    const text = fc.string({ unit: 'grapheme' });
    const part = text.filter((value) => !['', '.', '..'].includes(value));
    fc.assert(
      fc.property(part, part, text, (one, two, asked) => {
        const { path } = prepareRequest(probe, { one, two, asked });
        const url = new URL(path, 'http://gateway');
        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'a', one, 'b', two]);
        expect(url.searchParams.get('asked')).toBe(asked);
      }),
      { numRuns: 200 },
    );
  });
});
