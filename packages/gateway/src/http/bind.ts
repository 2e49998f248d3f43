import type { Operation, OutputOf, ParsedInputOf } from '@mini-claude-bot/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { StreamLimit } from '../access/stream-limit.ts';
import type { Clock } from '../host/clock.ts';
import { type Caller, localOwner } from './caller.ts';
import { inputParser } from './parse-input.ts';
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
}

type Answer<O extends Operation> = O['output'] extends { kind: 'events' }
  ? EventStream
  : OutputOf<O>;

export type Handler<O extends Operation> = (
  input: ParsedInputOf<O>,
  context: CallContext,
) => Answer<O> | Promise<Answer<O>>;

const Fields = z.record(z.string(), z.unknown()).catch({});

/** Serves operations of the contract: each request is parsed, handed to its handler, and answered. */
export class OperationBinder {
  readonly #app: FastifyInstance;
  readonly #clock: Clock;
  readonly #callerOf: (request: FastifyRequest) => Caller;
  readonly #streams: StreamLimit | undefined;
  readonly #bound = new Set<string>();

  constructor(
    app: FastifyInstance,
    clock: Clock,
    callerOf: (request: FastifyRequest) => Caller = () => localOwner,
    streams?: StreamLimit,
  ) {
    this.#app = app;
    this.#clock = clock;
    this.#callerOf = callerOf;
    this.#streams = streams;
  }

  /** Ids of the operations that are served. */
  get bound(): ReadonlySet<string> {
    return this.#bound;
  }

  bind<O extends Operation>(operation: O, handler: Handler<O>): void {
    const parse = inputParser(operation);
    this.#bound.add(operation.id);
    this.#app.route({
      method: operation.method,
      url: operation.path.replace(/\{(\w+)\}/g, ':$1'),
      handler: async (request, reply) => {
        const caller = this.#callerOf(request);
        const raw = {
          path: Fields.parse(request.params),
          query: Fields.parse(request.query),
          headers: request.headers,
          body: request.body,
        };
        // Before anything is done: a message whose stream is refused must not run.
        if (operation.output.kind === 'events') this.#takeStream(caller, reply);
        const context = { caller, onAnswered: onAnsweredOf(reply) };
        return this.#answer(operation, await handler(parse(raw, caller), context), reply);
      },
    });
  }

  #takeStream({ name, tokenId }: Caller, { raw }: FastifyReply): void {
    const giveBack = this.#streams?.take(tokenId === undefined ? name : `token ${tokenId}`);
    if (giveBack === undefined) return;
    if (raw.closed || raw.destroyed) giveBack();
    else raw.once('close', giveBack);
  }

  async #answer(operation: Operation, answer: unknown, reply: FastifyReply): Promise<FastifyReply> {
    const { output } = operation;
    if (output.kind === 'json') return reply.code(output.status).send(answer);
    if (!isStream(answer)) throw new Error(`${operation.id} answered something else than events`);
    await sendEvents(reply, answer, this.#clock);
    return reply;
  }
}

const isStream = (answer: unknown): answer is EventStream =>
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
