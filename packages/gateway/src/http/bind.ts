import type { Operation, OutputOf, ParsedInputOf } from '@mini-claude-bot/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../host/clock.ts';
import { inputParser } from './parse-input.ts';
import { type EventStream, sendEvents } from './sse.ts';

/** What a handler may want to know of its caller. */
export interface CallContext {
  /** Call back if the caller goes away before it has the answer. */
  readonly onLost: (callback: () => void) => void;
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
  readonly #bound = new Set<string>();

  constructor(app: FastifyInstance, clock: Clock) {
    this.#app = app;
    this.#clock = clock;
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
        const input = parse({
          path: Fields.parse(request.params),
          query: Fields.parse(request.query),
          headers: request.headers,
          body: request.body,
        });
        return this.#answer(operation, await handler(input, contextOf(request, reply)), reply);
      },
    });
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

const contextOf = (_request: FastifyRequest, reply: FastifyReply): CallContext => ({
  onLost: (callback) => {
    const { raw } = reply;
    if (raw.closed || raw.destroyed) return callback();
    raw.once('close', () => {
      if (!raw.writableFinished) callback();
    });
  },
});
