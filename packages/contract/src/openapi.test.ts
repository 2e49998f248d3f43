import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { errorCatalogue } from './errors.ts';
import { openApiDocument } from './openapi.ts';
import { defineOperation, type Operation, placeOf } from './operation.ts';
import * as operations from './operations/index.ts';

const all: Operation[] = Object.values<Operation>(operations);

const Parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean(),
  schema: z.record(z.string(), z.unknown()),
});
const Schema = z.object({
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()).optional(),
});
const Described = z.object({
  operationId: z.string(),
  summary: z.string(),
  parameters: z.array(Parameter).default([]),
  requestBody: z
    .object({
      required: z.boolean(),
      content: z.object({ 'application/json': z.object({ schema: Schema }) }),
    })
    .optional(),
  responses: z.record(
    z.string(),
    z.object({ description: z.string(), content: z.record(z.string(), z.unknown()) }),
  ),
});
const Document = z.object({
  openapi: z.string(),
  info: z.object({ version: z.string() }),
  paths: z.record(z.string(), z.record(z.string(), Described)),
  components: z.object({ schemas: z.object({ ErrorBody: z.unknown() }) }),
});

/** The document as a reader of its JSON sees it. */
const written = (described: readonly Operation[]): Record<string, unknown> =>
  JSON.parse(JSON.stringify(openApiDocument(described, '1.2.3')));

const document = Document.parse(written(all));

function describedAs({ path, method }: Operation): z.infer<typeof Described> {
  const found = document.paths[path]?.[method.toLowerCase()];
  if (found === undefined) throw new Error(`${method} ${path} is not in the document`);
  return found;
}

const sorted = (names: Iterable<string>): string[] => [...names].sort();

test('is valid OpenAPI 3.1', async () => {
  const checked = await new Validator().validate(written(all));
  expect(checked).toEqual({ valid: true });
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.info.version).toBe('1.2.3');
});

test('has each operation once, and nothing else', () => {
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  expect(sorted(ids)).toEqual(sorted(all.map(({ id }) => id)));
});

test('two methods of one path are described together', () => {
  const twin = { ...operations.ping, id: 'deleteHealth', method: 'DELETE' } as const;
  const { paths } = Document.parse(written([operations.ping, twin]));
  expect(Object.keys(paths['/api/health'] ?? {})).toEqual(['get', 'delete']);
});

describe.each(all.map((operation) => [operation.id, operation] as const))(
  '%s',
  (_id, operation) => {
    const described = describedAs(operation);
    const fields = Object.keys(operation.input.shape);
    const at = (...places: string[]): string[] =>
      sorted(fields.filter((name) => places.includes(placeOf(operation, name))));
    const named = (where: 'path' | 'query' | 'header'): string[] =>
      sorted(described.parameters.filter((entry) => entry.in === where).map(({ name }) => name));

    test('each field stands where it travels', () => {
      expect(named('path')).toEqual(at('path'));
      expect(named('query')).toEqual(at('query', 'either'));
      expect(named('header')).toEqual(sorted(Object.values(operation.headers ?? {})));
      const body = described.requestBody?.content['application/json'].schema.properties ?? {};
      expect(sorted(Object.keys(body))).toEqual(at('body', 'either'));
    });

    test('a parameter is required only in a path', () => {
      for (const parameter of described.parameters) {
        expect(parameter.required).toBe(parameter.in === 'path');
      }
    });

    test('a body is required when a field travels only there', () => {
      const inBody = at('body').length > 0;
      if (at('body', 'either').length === 0) expect(described.requestBody).toBeUndefined();
      else expect(described.requestBody?.required).toBe(inBody);
    });

    test('says what comes back', () => {
      const { output } = operation;
      const status = output.kind === 'json' ? output.status : 200;
      const type = output.kind === 'json' ? 'application/json' : 'text/event-stream';
      expect(Object.keys(described.responses[status]?.content ?? {})).toEqual([type]);
    });

    test('says how it can fail, in the form of every error', () => {
      const errorForm = {
        'application/json': { schema: { $ref: '#/components/schemas/ErrorBody' } },
      };
      for (const code of operation.errors) {
        const { status, meaning } = errorCatalogue[code];
        expect(described.responses[status]?.content).toEqual(errorForm);
        expect(described.responses[status]?.description).toContain(meaning);
      }
      expect(described.responses[422] !== undefined).toBe(fields.length > 0);
      expect(described.responses[500]?.content).toEqual(errorForm);
      const hasBody = described.requestBody !== undefined;
      for (const status of [413, 415]) {
        if (hasBody) expect(described.responses[status]?.content).toEqual(errorForm);
      }
    });
  },
);

test('a field with a default may be left out of a body, one without may not', () => {
  const { requestBody } = describedAs(operations.sendMessage);
  expect(sorted(requestBody?.content['application/json'].schema.required ?? [])).toEqual([
    'chat_id',
    'message',
  ]);
});

test('a parameter keeps its default and its limits', () => {
  const limit = describedAs(operations.getChatSession).parameters.find(
    ({ name }) => name === 'limit',
  );
  expect(limit?.schema).toMatchObject({ type: 'integer', default: 0, minimum: 0 });
});

test('a description that an operation has is in the document', () => {
  const operation = defineOperation({ ...operations.ping, description: 'For load balancers.' });
  expect(JSON.stringify(written([operation]))).toContain('For load balancers.');
});
