import {
  ErrorBody,
  ErrorCode,
  errorCatalogue,
  errorCodeHeader,
  errorCodes,
  GatewayError,
  type InputOf,
  type Operation,
  type OutputOf,
} from '@mini-claude-bot/contract';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { splitAddress } from './address.ts';
import { prepareRequest } from './request.ts';

/** How to reach a gateway. */
export interface ClientOptions {
  /** `http://127.0.0.1:8000`, without a path. The password in `http://name:TOKEN@host` is taken for a token. */
  readonly baseUrl: string;
  /** Sent with each call; over one in the address. */
  readonly token?: string | undefined;
  readonly fetch?: typeof fetch;
}

/** Nothing answered at the gateway's address. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** The connection broke off in the middle of an answer: what was asked for may go on all the same. */
export class ConnectionLostError extends Error {
  override readonly name = 'ConnectionLostError';

  constructor(cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`the connection to the gateway broke off in the middle of the answer (${why})`, {
      cause,
    });
  }
}

type JsonOperation = Operation & { output: { kind: 'json' } };
type EventOperation = Operation & { output: { kind: 'events' } };

/** Calls a gateway's operations, typed by the contract. */
export interface Client {
  /** @throws GatewayError as the gateway answered; UnreachableError, ConnectionLostError */
  readonly call: <O extends JsonOperation>(
    operation: O,
    input: InputOf<O>,
    signal?: AbortSignal,
  ) => Promise<OutputOf<O>>;
  /** The same with the headers of the answer, for operations that say something there. Throws as `call` does. */
  readonly callWithHeaders: <O extends JsonOperation>(
    operation: O,
    input: InputOf<O>,
    signal?: AbortSignal,
  ) => Promise<{ readonly body: OutputOf<O>; readonly headers: Headers }>;
  /** The events as they come. Leaving the loop closes the connection. Throws as `call` does. */
  readonly stream: <O extends EventOperation>(
    operation: O,
    input: InputOf<O>,
    signal?: AbortSignal,
  ) => AsyncGenerator<OutputOf<O>>;
}

export function createClient({ baseUrl, token, fetch: send = fetch }: ClientOptions): Client {
  const address = splitAddress(baseUrl);
  const base = address.url.replace(/\/+$/, '');
  const known = token ?? address.token;
  const authorization = known === undefined ? {} : { authorization: `Bearer ${known}` };

  async function request(
    operation: Operation,
    input: object,
    signal?: AbortSignal,
  ): Promise<Response> {
    const { path, method, body } = prepareRequest(operation, { ...input });
    const response = await send(base + path, {
      method,
      headers: {
        ...authorization,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    }).catch((cause: unknown) => {
      if (signal?.aborted) throw cause;
      throw new UnreachableError(`no gateway answers at ${base}`, { cause });
    });
    if (response.ok) return response;
    throw await errorOf(response);
  }

  const callWithHeaders: Client['callWithHeaders'] = async (operation, input, signal) => {
    const response = await request(operation, input, signal);
    const text = await response.text().catch(lost(signal));
    const body = operation.output.schema.parse(JSON.parse(text)) as OutputOf<typeof operation>;
    return { body, headers: response.headers };
  };

  return {
    callWithHeaders,
    async call(operation, input, signal) {
      return (await callWithHeaders(operation, input, signal)).body;
    },
    async *stream(operation, input, signal) {
      const { body } = await request(operation, input, signal);
      if (body === null) return;
      const events = body
        .pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream());
      for await (const { data } of untilLost(events, signal)) {
        const event = operation.output.schema.safeParse(JSON.parse(data));
        // A newer gateway may send kinds of events that this client does not know: they are not for it.
        if (event.success) yield event.data as OutputOf<typeof operation>;
      }
    },
  };
}

async function* untilLost<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T> {
  try {
    yield* source;
  } catch (cause) {
    lost(signal)(cause);
  }
}

/** What the caller aborted stays the caller's own reason. */
const lost =
  (signal: AbortSignal | undefined) =>
  (cause: unknown): never => {
    if (signal?.aborted) throw cause;
    throw new ConnectionLostError(cause);
  };

async function errorOf(response: Response): Promise<GatewayError> {
  const body = ErrorBody.safeParse(await response.json().catch(() => undefined));
  const detail = body.data?.detail ?? `the gateway answered with status ${response.status}`;
  const stated = ErrorCode.safeParse(response.headers.get(errorCodeHeader));
  const code = stated.data ?? codeOf(response.status);
  if (typeof detail === 'string') return new GatewayError(code, detail);
  const words = detail.map(({ loc, msg }) => `${loc.join('.')}: ${msg}`).join('; ');
  return new GatewayError(code, words, { issues: detail });
}

/** Somebody on the way answered: the first code of that status, as the catalogue lists the plainest first. */
const codeOf = (status: number): ErrorCode =>
  errorCodes.find((code) => errorCatalogue[code].status === status) ?? 'internal';
