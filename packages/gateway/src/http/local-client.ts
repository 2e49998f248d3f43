import type { Client } from '@mini-claude-bot/client';
import type { InputOf, Operation, OutputOf } from '@mini-claude-bot/contract';
import { type AnswerCallbacks, isStream, type OperationBinder } from './bind.ts';
import type { Caller } from './caller.ts';
import { withoutSecretsIn } from './hide-secrets.ts';
import { isLast } from './sse.ts';

/**
 * Calls the operations that this process serves, as they would be called over HTTP: parsed by the contract, within
 * the caller's bot, and answered in the same form.
 */
export function createLocalClient(binder: OperationBinder, caller: Caller): Client {
  const { secrets } = binder;
  const start = (operation: Operation, input: object) => {
    const readers: AnswerCallbacks[] = [];
    const headers = new Headers();
    const side = {
      onAnswered: (callbacks: AnswerCallbacks): void => void readers.push(callbacks),
      setHeader: (name: string, value: string | string[]): void => headers.set(name, String(value)),
    };
    return { answer: binder.find(operation)({ ...input }, caller, side), readers, headers };
  };

  const callWithHeaders: Client['callWithHeaders'] = async (operation, input, signal) => {
    const { answer, readers, headers } = start(operation, input);
    try {
      const value = await unlessAborted(answer, signal);
      // As JSON has it: what is undefined is not there.
      const json = secrets.hideInJson(JSON.stringify(value));
      const body = operation.output.schema.parse(JSON.parse(json)) as OutputOf<typeof operation>;
      for (const { told } of readers) told();
      return { body, headers };
    } catch (error) {
      for (const { lost } of readers) lost();
      throw error;
    }
  };

  return {
    callWithHeaders,
    async call(operation, input, signal) {
      return (await callWithHeaders(operation, input, signal)).body;
    },
    async *stream<O extends Operation & { output: { kind: 'events' } }>(
      operation: O,
      input: InputOf<O>,
      signal?: AbortSignal,
    ): AsyncGenerator<OutputOf<O>> {
      const answer = await unlessAborted(start(operation, input).answer, signal);
      if (!isStream(answer)) throw new Error(`${operation.id} answered something else than events`);
      const stream = withoutSecretsIn(answer, secrets);
      const gone = new AbortController();
      let told = false;
      const tell = (): void => {
        if (!told) stream.onTold?.();
        told = true;
      };
      try {
        const either = AbortSignal.any([gone.signal, ...(signal === undefined ? [] : [signal])]);
        for await (const item of stream.events(either)) {
          const event = 'event' in item ? item.event : item;
          // Whoever has the last one looks for no other.
          if (isLast(event)) tell();
          yield operation.output.schema.parse(event) as OutputOf<O>;
        }
        signal?.throwIfAborted();
        tell();
      } finally {
        gone.abort();
        if (!told) stream.onLost();
      }
    },
  };
}

/** What was begun goes on: only the wait for it ends. */
async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return answer;
  let onAbort = (): void => {};
  try {
    return await Promise.race([
      answer,
      new Promise<never>((_resolve, reject) => {
        onAbort = () => reject(signal.reason);
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort, { once: true });
      }),
    ]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
