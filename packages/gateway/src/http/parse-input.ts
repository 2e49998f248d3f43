import {
  GatewayError,
  type Operation,
  type ParsedInputOf,
  type Place,
  placeOf,
  type ValidationIssue,
} from '@mini-claude-bot/contract';
import { z } from 'zod';
import { type Caller, confine } from './caller.ts';

/** A request's parts, as they came. */
export interface RawInput {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, unknown>>;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
}

interface Field {
  readonly name: string;
  readonly place: Place;
  /** The header that it may come in, in lower case. */
  readonly header: string | undefined;
  readonly type: z.core.$ZodType;
}

/** Make a parser for an operation's input: what is derived from the contract is derived once. */
export function inputParser<O extends Operation>(
  operation: O,
): (raw: RawInput, caller: Caller) => ParsedInputOf<O> {
  const fields = Object.entries(operation.input.shape).map(
    ([name, type]): Field => ({
      name,
      type,
      place: placeOf(operation, name),
      header: operation.headers?.[name]?.toLowerCase(),
    }),
  );
  const needsBody = fields.some(({ place }) => place === 'body');
  return (raw, caller) => {
    const body = bodyFields(raw.body, needsBody);
    const gathered: Record<string, unknown> = {};
    for (const field of fields) {
      const value = find(field, raw, body);
      if (value !== undefined) gathered[field.name] = value;
    }
    return parseGathered(operation, gathered, body, caller);
  };
}

/** The same for an input that comes as one object, from within this process. */
export const flatInputParser =
  <O extends Operation>(operation: O) =>
  (input: Readonly<Record<string, unknown>>, caller: Caller): ParsedInputOf<O> =>
    parseGathered(operation, { ...input }, {}, caller);

function parseGathered<O extends Operation>(
  operation: O,
  gathered: Record<string, unknown>,
  body: Readonly<Record<string, unknown>>,
  caller: Caller,
): ParsedInputOf<O> {
  confine(operation, gathered, caller);
  const parsed = operation.input.safeParse(gathered);
  // The schema is the operation's own, so what it gives is what its type says.
  if (parsed.success) return parsed.data as ParsedInputOf<O>;
  throw invalid(parsed.error.issues.map((issue) => issueOf(operation, issue, gathered, body)));
}

function bodyFields(body: unknown, needed: boolean): Readonly<Record<string, unknown>> {
  if (body === undefined && !needed) return {};
  const parsed = z.record(z.string(), z.unknown()).safeParse(body);
  if (parsed.success) return parsed.data;
  const missing = body === undefined;
  throw invalid([
    {
      loc: ['body'],
      msg: missing ? 'A JSON object is required as the body' : 'The body must be a JSON object',
      type: missing ? 'missing' : 'model_type',
    },
  ]);
}

function find(field: Field, raw: RawInput, body: Readonly<Record<string, unknown>>): unknown {
  const found = findInPlace(field, raw, body);
  if (found !== undefined || field.header === undefined) return found;
  return fromText(raw.headers[field.header], field.type);
}

function findInPlace(
  { name, place, type }: Field,
  raw: RawInput,
  body: Readonly<Record<string, unknown>>,
): unknown {
  if (place === 'body') return body[name];
  if (place === 'either' && body[name] !== undefined) return body[name];
  return fromText(place === 'path' ? raw.path[name] : raw.query[name], type);
}

/** Paths and queries carry text only: a field that is a number or a truth is read as one. */
function fromText(value: unknown, type: z.core.$ZodType): unknown {
  // `?a=1&a=2`: as elsewhere on the web, the last one counts.
  const text: unknown = Array.isArray(value) ? value.at(-1) : value;
  if (typeof text !== 'string') return text;
  const inner = innermost(type);
  if (inner._zod.def.type === 'number' && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (inner._zod.def.type === 'boolean' && /^(true|false|1|0)$/.test(text))
    return text === 'true' || text === '1';
  return text;
}

function innermost(type: z.core.$ZodType): z.core.$ZodType {
  if (
    type instanceof z.ZodDefault ||
    type instanceof z.ZodOptional ||
    type instanceof z.ZodNullable
  ) {
    return innermost(type.def.innerType);
  }
  return type;
}

const invalid = (issues: readonly ValidationIssue[]): GatewayError =>
  new GatewayError(
    'invalid_input',
    issues.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; '),
    {
      issues,
    },
  );

function issueOf(
  operation: Operation,
  issue: z.core.$ZodIssue,
  gathered: Readonly<Record<string, unknown>>,
  body: Readonly<Record<string, unknown>>,
): ValidationIssue {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const field = String(path[0] ?? '');
  const place = placeOf(operation, field);
  const where = place === 'either' ? (body[field] === undefined ? 'query' : 'body') : place;
  const missing = path.length === 1 && !Object.hasOwn(gathered, field);
  return {
    loc: [where, ...path],
    msg: missing ? 'Field required' : issue.message,
    type: missing ? 'missing' : issue.code,
  };
}
