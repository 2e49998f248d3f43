import { z } from 'zod';
import {
  ErrorBody,
  type ErrorCode,
  errorCatalogue,
  errorCodeHeader,
  errorCodes,
} from './errors.ts';
import { type JsonObject as Json, jsonSchemaOf as schemaOf } from './json-schema.ts';
import { type Operation, type Place, placeOf } from './operation.ts';

const fieldsAt = (operation: Operation, places: readonly Place[]) =>
  Object.entries(operation.input.shape).filter(([name]) =>
    places.includes(placeOf(operation, name)),
  );

function parameter(operation: Operation, name: string, type: z.core.$ZodType): Json {
  const inPath = placeOf(operation, name) === 'path';
  const { description, ...schema } = schemaOf(
    z.object({ [name]: type }).shape[name] as z.ZodType,
    'input',
  );
  return {
    name,
    in: inPath ? 'path' : 'query',
    required: inPath,
    ...(description === undefined ? {} : { description }),
    schema,
  };
}

const headerParameters = ({ headers = {} }: Operation): Json[] =>
  Object.values(headers).map((name) => ({
    name,
    in: 'header',
    required: false,
    schema: { type: 'string' },
  }));

function requestBody(operation: Operation): Json | undefined {
  const fields = fieldsAt(operation, ['body', 'either']);
  if (fields.length === 0) return undefined;
  const schema = schemaOf(z.object(Object.fromEntries(fields)), 'input');
  const required = fields.some(([name]) => placeOf(operation, name) === 'body');
  return { required, content: { 'application/json': { schema } } };
}

const responseHeaders = (headers: Readonly<Record<string, string>> | undefined): Json =>
  headers === undefined
    ? {}
    : {
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, description]) => [
            name,
            { description, schema: { type: 'string' } },
          ]),
        ),
      };

function success(operation: Operation): Json {
  const { output } = operation;
  const schema = schemaOf(output.schema, 'output');
  if (output.kind === 'events')
    return { 200: { description: 'Events.', content: { 'text/event-stream': { schema } } } };
  const headers = responseHeaders(output.headers);
  const content = { 'application/json': { schema } };
  return {
    [output.status]: { description: 'Done.', ...headers, content },
    ...(output.orAccepted ? { 202: { description: 'Begun, and not waited for.', content } } : {}),
  };
}

function failures(operation: Operation): Json {
  const codes: ErrorCode[] = [...operation.errors, 'unauthorized', 'forbidden', 'internal'];
  codes.push('too_many_requests');
  if (Object.keys(operation.input.shape).length > 0) codes.push('invalid_input');
  if (requestBody(operation) !== undefined)
    codes.push('malformed_json', 'unsupported_media_type', 'body_too_large');
  const meanings = new Map<number, string[]>();
  for (const code of new Set(codes)) {
    const { status, meaning } = errorCatalogue[code];
    meanings.set(status, [...(meanings.get(status) ?? []), meaning]);
  }
  const content = { 'application/json': { schema: { $ref: '#/components/schemas/ErrorBody' } } };
  const headers = { [errorCodeHeader]: { schema: { type: 'string', enum: errorCodes } } };
  return Object.fromEntries(
    [...meanings].map(([status, texts]) => [
      status,
      { description: texts.join(' '), headers, content },
    ]),
  );
}

function describeOperation(operation: Operation): Json {
  const parameters = [
    ...fieldsAt(operation, ['path', 'query', 'either']).map(([name, type]) =>
      parameter(operation, name, type),
    ),
    ...headerParameters(operation),
  ];
  const body = requestBody(operation);
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...success(operation), ...failures(operation) },
    ...(operation.audit === undefined ? {} : { 'x-audit': operation.audit }),
  };
}

/**
 * The OpenAPI 3.1 document of some operations (https://spec.openapis.org/oas/v3.1.1).
 * @param version of the program that serves them
 */
export function openApiDocument(operations: readonly Operation[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of operations) {
    const path = paths[operation.path] ?? {};
    path[operation.method.toLowerCase()] = describeOperation(operation);
    paths[operation.path] = path;
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'mini-claude-bot',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // None, where the gateway trusts whoever calls from its own machine.
    security: [{}, { bearer: [] }, { basic: [] }],
    paths,
    components: {
      schemas: { ErrorBody: schemaOf(ErrorBody, 'output') },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token of the gateway.' },
        basic: { type: 'http', scheme: 'basic', description: 'Any name, and a token as password.' },
      },
    },
  };
}
