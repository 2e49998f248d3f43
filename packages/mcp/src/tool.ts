import {
  GatewayError,
  type JsonObject,
  jsonSchemaOf,
  type McpTool,
  type Operation,
} from '@mini-claude-bot/contract';
import type { Tool as Listing } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { resultSchema } from './result-schema.ts';
import type { Offer } from './speaker.ts';

export type JsonOperation = Operation & { output: { kind: 'json' } };

/** An operation as a tool. */
export interface Tool {
  readonly operation: JsonOperation;
  readonly spec: McpTool;
  readonly listing: Listing;
  /** The fields that are arguments, by their names as arguments. */
  readonly fields: ReadonlyMap<string, string>;
}

/** The tools that are offered, in the order of the operations. Made once for all servers of a kind: it takes a while. */
export function toolsOf(operations: Iterable<Operation>, offer: Offer): Tool[] {
  return [...operations].flatMap((operation) => {
    const { mcp: spec } = operation;
    if (spec === undefined || !isJson(operation) || !offer.offers(operation)) return [];
    const fields = argumentsOf(operation, spec, offer);
    return [{ operation, spec, fields, listing: listingOf(operation, spec, fields, offer) }];
  });
}

const isJson = (operation: Operation): operation is JsonOperation =>
  operation.output.kind === 'json';

function argumentsOf(operation: Operation, spec: McpTool, offer: Offer): Map<string, string> {
  const hidden = [
    ...offer.bound,
    ...omittedBy(spec, offer),
    ...Object.keys(operation.headers ?? {}),
  ];
  const names = Object.entries(spec.rename ?? {});
  return new Map(
    Object.keys(operation.input.shape)
      .filter((field) => !hidden.includes(field))
      .map((field) => [names.find(([, known]) => known === field)?.[0] ?? field, field]),
  );
}

const omittedBy = ({ omit = [], omitInChat = [] }: McpTool, offer: Offer): readonly string[] =>
  offer.insideChat === true ? [...omit, ...omitInChat] : omit;

function listingOf(
  operation: JsonOperation,
  spec: McpTool,
  fields: ReadonlyMap<string, string>,
  offer: Offer,
): Listing {
  const readOnly = operation.method === 'GET';
  const { summary, description } = operation;
  return {
    name: spec.name,
    title: spec.title,
    description: spec.description ?? [`${summary}.`, description].filter(Boolean).join(' '),
    inputSchema: inputSchema(operation, spec, fields, offer),
    outputSchema: resultSchema(operation.output.schema),
    annotations: {
      title: spec.title,
      readOnlyHint: readOnly,
      destructiveHint: !readOnly && spec.destructive === true,
      idempotentHint: readOnly || spec.idempotent === true,
      openWorldHint: spec.openWorld === true,
    },
  };
}

function inputSchema(
  operation: Operation,
  spec: McpTool,
  fields: ReadonlyMap<string, string>,
  offer: Offer,
): Listing['inputSchema'] {
  const { shape } = operation.input;
  const whole = jsonSchemaOf(operation.input, 'input');
  const all = z.record(z.string(), z.record(z.string(), z.unknown())).parse(whole.properties ?? {});
  const needed = z.array(z.string()).catch([]).parse(whole.required);
  const properties: Record<string, JsonObject> = {};
  for (const [name, field] of fields) {
    const standard = defaultOf(field, shape, spec, offer);
    properties[name] = {
      ...withoutNoise(all[field] ?? {}),
      ...(standard === undefined ? {} : { default: standard }),
    };
  }
  return {
    type: 'object',
    properties,
    required: [...fields].filter(([, field]) => needed.includes(field)).map(([name]) => name),
    additionalProperties: false,
  };
}

/** A model pays for each word: what a format says already, and bounds that no number reaches, are left out. */
function withoutNoise(schema: JsonObject): JsonObject {
  const kept = Object.entries(schema).filter(
    ([name, value]) =>
      !(name === 'pattern' && 'format' in schema) &&
      !(name === 'maximum' && value === Number.MAX_SAFE_INTEGER) &&
      !(name === 'minimum' && value === Number.MIN_SAFE_INTEGER),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, withoutNoiseIn(value)]));
}

function withoutNoiseIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNoiseIn);
  const record = z.record(z.string(), z.unknown()).safeParse(value);
  return record.success ? withoutNoise(record.data) : value;
}

/** What the server puts in for a field that was left out; undefined: the gateway does. */
function defaultOf(
  field: string,
  shape: Operation['input']['shape'],
  { defaults = {} }: McpTool,
  { defaultBot }: Offer,
): unknown {
  // Where it only narrows a list, leaving it out means all.
  if (field === 'bot_id' && shape.bot_id instanceof z.ZodDefault && defaultBot !== undefined)
    return defaultBot;
  return defaults[field];
}

/**
 * The input of an operation for a call of its tool.
 * @param given as the caller wrote the arguments
 * @param bound values that are not the caller's to say
 * @throws GatewayError `invalid_input`, naming every bad argument
 */
export function readArguments(
  { operation, spec, fields, listing }: Tool,
  given: Readonly<Record<string, unknown>>,
  bound: Readonly<Record<string, string>>,
  offer: Offer,
): Record<string, unknown> {
  const { shape } = operation.input;
  const input: Record<string, unknown> = {};
  const unknown = Object.keys(given).filter((name) => !fields.has(name));
  if (unknown.length > 0) throw noSuchArgument(unknown, [...fields.keys()]);
  for (const [name, field] of fields) {
    const value = isLeftOut(given[name], shape[field])
      ? defaultOf(field, shape, spec, offer)
      : given[name];
    if (value !== undefined) input[field] = value;
  }
  const omitted = omittedBy(spec, offer);
  for (const [field, value] of Object.entries(bound))
    if (Object.hasOwn(shape, field) && !omitted.includes(field)) input[field] = value;
  const parsed = operation.input.safeParse(input);
  if (parsed.success) return input;
  const names = new Map([...fields].map(([name, field]) => [field, name]));
  const faults = parsed.error.issues.map((issue) => {
    const [field, ...rest] = issue.path.map(String);
    const name = names.get(field ?? '') ?? field ?? '';
    const missing = rest.length === 0 && !Object.hasOwn(input, field ?? '');
    return `${[name, ...rest].join('.')}: ${missing ? 'is required' : issue.message}`;
  });
  throw new GatewayError('invalid_input', `${listing.name} was not called. ${faults.join('; ')}.`);
}

/** Some clients send null for what they leave out. */
const isLeftOut = (value: unknown, type: z.core.$ZodType | undefined): boolean =>
  value === undefined ||
  (value === null && type !== undefined && !z.object({ type }).safeParse({ type: null }).success);

const noSuchArgument = (unknown: readonly string[], known: readonly string[]): GatewayError =>
  new GatewayError(
    'invalid_input',
    `There is no argument ${unknown.map((name) => JSON.stringify(name)).join(', ')}. ` +
      (known.length === 0 ? 'This tool takes none.' : `There are: ${known.join(', ')}.`),
  );
