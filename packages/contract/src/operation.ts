import { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import type { McpTool } from './mcp-tool.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** Where a field of the input travels. `either`: in the query or the body, the body wins. */
export type Place = 'path' | 'query' | 'body' | 'either';

/**
 * Who may call an operation, of those that the gateway lets in at all. `anyone`: it tells nothing of any bot. `bot`: it concerns one bot, or lists
 * what bots have; a caller that is bound to a bot gets at that bot's alone. `owner`: it concerns the
 * machine or all bots, and is not for callers that are bound to one.
 */
export type Access = 'anyone' | 'bot' | 'owner';

/**
 * What the audit must tell of an operation. `runs`: it runs commands, or has Claude run them; `deletes`: it
 * deletes what somebody made; `changes access`: who may do what is another thing afterwards.
 */
export const Audited = z.enum(['runs', 'deletes', 'changes access']);
export type Audited = z.infer<typeof Audited>;

/** What comes back: one JSON value, or a stream of events, each `data: {…}`. */
export type Output =
  | {
      readonly kind: 'json';
      readonly status: 200 | 201;
      /** A caller may ask not to wait: the same form then comes with status 202. */
      readonly orAccepted?: true;
      readonly schema: z.ZodType;
      /** Headers that the answer may have: name → what it says. */
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'events';
      readonly schema: z.ZodType;
      /** No event is the last one: it ends when one of the two hangs up. */
      readonly endless?: true;
    };

/**
 * One thing that the gateway can be asked. Routes, OpenAPI, the client and the MCP tools all derive from
 * it; none of them knows more. `input` is flat: each field travels where {@link placeOf} says.
 */
export interface Operation {
  readonly id: string;
  readonly method: Method;
  /** OpenAPI form: `/api/gateway/queue-status/{chat_id}`. */
  readonly path: string;
  readonly tag:
    | 'access'
    | 'gateway'
    | 'chat'
    | 'memory'
    | 'search'
    | 'cron'
    | 'outbox'
    | 'metrics'
    | 'system';
  readonly access: Access;
  /** Answered before it is known who calls: it is how that becomes known. */
  readonly beforeSignIn?: true;
  /** The audit has an entry of it before it is carried out; without an entry it is refused. */
  readonly audit?: Audited;
  /** What the entry names besides ids, such as a name that is one. Never a text, never a secret. */
  readonly auditFields?: readonly string[];
  /**
   * Its entry is written with what it stores, in one transaction: a call that only asks again for what was
   * taken already, or names what is not there, stores nothing and is not entered.
   */
  readonly auditedWhenStored?: true;
  readonly summary: string;
  readonly description?: string;
  readonly input: z.ZodObject;
  /** Fields that travel elsewhere than the method's own place. */
  readonly places?: Readonly<Record<string, Place>>;
  /** Fields that may also come in a header, and which; the field's own place wins. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly output: Output;
  readonly errors: readonly ErrorCode[];
  /** How it is offered to models as a tool; absent: it is not. */
  readonly mcp?: McpTool;
}

/** Keeps the exact types of an operation while checking its form. */
export const defineOperation = <const O extends Operation>(operation: O): O => operation;

/** Names between braces in a path, in order. */
export const pathFields = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');

/** Where a field of an operation's input travels: as stated, else in the path, else by method. */
export function placeOf(operation: Operation, field: string): Place {
  const stated = operation.places?.[field];
  if (stated !== undefined) return stated;
  if (pathFields(operation.path).includes(field)) return 'path';
  return operation.method === 'POST' || operation.method === 'PUT' ? 'body' : 'query';
}

/** The input as a caller writes it: fields with a default may be left out. */
export type InputOf<O extends Operation> = z.input<O['input']>;
/** The input as a handler gets it: parsed, defaults filled in, ids branded. */
export type ParsedInputOf<O extends Operation> = z.output<O['input']>;
/** The JSON value that an operation answers, or for a stream one of its events. */
export type OutputOf<O extends Operation> = z.output<O['output']['schema']>;
