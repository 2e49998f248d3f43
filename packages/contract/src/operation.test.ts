import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineOperation, type Method, type Place, pathFields, placeOf } from './operation.ts';

const operation = (method: Method, places: Record<string, Place> = {}) =>
  defineOperation({
    id: 'probe',
    method,
    path: '/things/{thing_id}/parts/{part_id}',
    tag: 'system',
    access: 'anyone',
    summary: 'Probe',
    input: z.object({ thing_id: z.string(), part_id: z.string(), size: z.int().optional() }),
    places,
    output: { kind: 'json', status: 200, schema: z.object({}) },
    errors: [],
  });

describe('pathFields', () => {
  test.each([
    ['/health', []],
    ['/a/{b}', ['b']],
    ['/{first}/x/{second_one}/y', ['first', 'second_one']],
  ])('%s', (path, fields) => {
    expect(pathFields(path)).toEqual(fields);
  });
});

describe('placeOf', () => {
  test.each<[Method, string, Place]>([
    ['GET', 'thing_id', 'path'],
    ['POST', 'thing_id', 'path'],
    ['POST', 'part_id', 'path'],
    ['GET', 'size', 'query'],
    ['DELETE', 'size', 'query'],
    ['POST', 'size', 'body'],
    ['PUT', 'size', 'body'],
  ])('in a %s, %s travels in the %s', (method, field, place) => {
    expect(placeOf(operation(method), field)).toBe(place);
  });

  test('what an operation states comes before its method', () => {
    expect(placeOf(operation('POST', { size: 'query' }), 'size')).toBe('query');
    expect(placeOf(operation('GET', { size: 'either' }), 'size')).toBe('either');
  });
});
