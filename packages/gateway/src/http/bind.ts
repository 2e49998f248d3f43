import type { Operation, OutputOf, ParsedInputOf } from '@mini-claude-bot/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { StreamLimit } from '../access/stream-limit.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../host/clock.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import { AuditedCall } from './audited-call.ts';
import { type Caller, localOwner } from './caller.ts';
import { withoutSecretsIn } from './hide-secrets.ts';
import { flatInputParser, inputParser } from './parse-input.ts';
import { type EventStream, sendEvents } from './sse.ts';

/** One of them is called, once. */
export interface AnswerCallbacks {
  /** The whole answer was handed to the system. */
  readonly told: () => void;
  /** The caller went away before. */
  readonly lost: () => void;
}

/** What a handler may want to know of its caller. */
export interface CallContext {
  /**
   * Rows that are found by an id alone are looked for within `caller.botId`: an id of another bot's is as
   * unknown as one that nobody has. (A `bot_id` in the input has been checked already.)
   */
  readonly caller: Caller;
  /** Call back when the caller has got the answer, or has gone away before. */
  readonly onAnswered: (callbacks: AnswerCallbacks) => void;
  /**
   * To be called in the transaction that stores what the call asks for, where the operation is
   * `auditedWhenStored`, with the ids that it got. What it throws must undo that transaction. `as`: who calls, where
   * that was not known before.
   */
  readonly onStored: (ids?: Readonly<Record<string, string>>, as?: string) => void;
  /** Answer with status 202: begun, and not waited for. */
  readonly accepted: () => void;
  /** Give the answer a header: one that the operation names. */
  readonly setHeader: (name: string, value: string | string[]) => void;
  /** Where the call came from. */
  readonly arrival: CallArrival;
}

/** Where a call came from: what it says of itself is not checked. */
export interface CallArrival {
  /** Undefined: not over the network. */
  readonly address: string | undefined;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What operations are served with. */
export interface BinderParts {
  readonly clock: Clock;
  readonly audit: Audit;
  readonly secrets: KnownSecrets;
  /** Unset: the owner, whoever calls. */
  readonly callerOf?: (request: FastifyRequest) => Caller;
  /** Unset: any number. */
  readonly streams?: StreamLimit;
}

type Answer<O extends Operation> = O['output'] extends { kind: 'events' }
  ? EventStream
  : OutputOf<O>;

export type Handler<O extends Operation> = (
  input: ParsedInputOf<O>,
  context: CallContext,
) => Answer<O> | Promise<Answer<O>>;

const Fields = z.record(z.string(), z.unknown()).catch({});

/** What an answer can bring besides itself. */
type AnswerSide = Pick<CallContext, 'onAnswered' | 'accepted' | 'setHeader'>;

/** Carries an operation out for a caller in this process. @throws GatewayError */
export type BoundOperation = (
  input: Readonly<Record<string, unknown>>,
  caller: Caller,
  side: Omit<AnswerSide, 'accepted'>,
) => Promise<unknown>;

/** Serves operations of the contract: each request is parsed, handed to its handler, and answered. */
export class OperationBinder {
  readonly #app: FastifyInstance;
  readonly #parts: BinderParts & Required<Pick<BinderParts, 'callerOf'>>;
  readonly #bound = new Map<string, BoundOperation>();

  constructor(app: FastifyInstance, parts: BinderParts) {
    this.#app = app;
    this.#parts = { callerOf: () => localOwner, ...parts };
  }

  /** Ids of the operations that are served. */
  get bound(): ReadonlySet<string> {
    return new Set(this.#bound.keys());
  }

  /** What no answer may hold. */
  get secrets(): KnownSecrets {
    return this.#parts.secrets;
  }

  /** @throws Error for an operation that is not served */
  find({ id }: Operation): BoundOperation {
    const found = this.#bound.get(id);
    if (found === undefined) throw new Error(`the operation ${id} is not served`);
    return found;
  }

  bind<O extends Operation>(operation: O, handler: Handler<O>): void {
    const parse = inputParser(operation);
    const parseFlat = flatInputParser(operation);
    this.#bound.set(operation.id, (input, caller, side) =>
      this.#perform(operation, handler, () => parseFlat(input, caller), caller, inProcess, {
        accepted: () => {},
        ...side,
      }),
    );
    this.#app.route({
      method: operation.method,
      url: operation.path.replace(/\{(\w+)\}/g, ':$1'),
      config: { beforeSignIn: operation.beforeSignIn === true },
      handler: async (request, reply) => {
        const caller = this.#parts.callerOf(request);
        const raw = {
          path: Fields.parse(request.params),
          query: Fields.parse(request.query),
          headers: request.headers,
          body: request.body,
        };
        // Before anything is done: a message whose stream is refused must not run.
        if (operation.output.kind === 'events') this.#takeStream(caller, reply);
        const side: AnswerSide = {
          onAnswered: onAnsweredOf(reply),
          accepted: () => void reply.code(202),
          setHeader: (name, value) => void reply.header(name, value),
        };
        const read = () => parse(raw, caller);
        const arrival = { address: request.ip, headers: request.headers };
        const answer = await this.#perform(operation, handler, read, caller, arrival, side);
        return this.#answer(operation, answer, reply);
      },
    });
  }

  async #perform<O extends Operation>(
    operation: O,
    handler: Handler<O>,
    parse: () => ParsedInputOf<O>,
    caller: Caller,
    arrival: CallArrival,
    side: AnswerSide,
  ): Promise<Answer<O>> {
    const { address } = arrival;
    const call = new AuditedCall(this.#parts.audit, operation, { caller: caller.name, address });
    const input = call.parse(parse);
    const onStored: CallContext['onStored'] = (ids, as) => call.begin(input, ids, as);
    return call.run(input, () => handler(input, { caller, onStored, arrival, ...side }));
  }

  #takeStream({ name, tokenId }: Caller, { raw }: FastifyReply): void {
    const giveBack = this.#parts.streams?.take(tokenId === undefined ? name : `token ${tokenId}`);
    if (giveBack === undefined) return;
    if (raw.closed || raw.destroyed) giveBack();
    else raw.once('close', giveBack);
  }

  async #answer(operation: Operation, answer: unknown, reply: FastifyReply): Promise<FastifyReply> {
    const { output } = operation;
    if (output.kind === 'json') {
      const status = reply.statusCode === 202 ? 202 : output.status;
      return reply.code(status).send(answer);
    }
    if (!isStream(answer)) throw new Error(`${operation.id} answered something else than events`);
    const { clock, secrets } = this.#parts;
    await sendEvents(reply, withoutSecretsIn(answer, secrets), clock);
    return reply;
  }
}

const inProcess: CallArrival = { address: undefined, headers: {} };

export const isStream = (answer: unknown): answer is EventStream =>
  typeof answer === 'object' && answer !== null && 'events' in answer && 'onLost' in answer;

const onAnsweredOf =
  ({ raw }: FastifyReply): CallContext['onAnswered'] =>
  ({ told, lost }) => {
    if (raw.closed || raw.destroyed) return lost();
    let ended = false;
    const once = (callback: () => void) => (): void => {
      if (!ended) callback();
      ended = true;
    };
    // The first of the two counts: without a socket, "finish" comes whatever was sent, but after "close".
    raw.once('finish', once(told));
    raw.once('close', once(lost));
  };
