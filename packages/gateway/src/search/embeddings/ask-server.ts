import type { z } from 'zod';
import { EmbeddingError } from './embedding-provider.ts';

/** A call of an embedding server. */
export interface ServerCall<T> {
  readonly url: string;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: z.ZodType<T>;
  readonly signal: AbortSignal;
  /** What an answer that is no success means. */
  readonly faultOf: (status: number, words: string) => EmbeddingError;
}

/** An address without what may be a password. */
export const shownUrl = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return origin + (pathname === '/' ? '' : pathname);
};

/**
 * Post JSON, and parse what comes back.
 * @throws EmbeddingError; the signal's reason
 */
export async function askServer<T>(call: ServerCall<T>): Promise<T> {
  const { url, body, headers, answer, signal, faultOf } = call;
  const where = shownUrl(url);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    if (!response.ok) throw faultOf(response.status, (await response.text()).slice(0, 300));
    return answer.parse(await response.json());
  } catch (error) {
    if (error instanceof EmbeddingError) throw error;
    if (signal.aborted) throw signal.reason;
    const unreadable = error instanceof SyntaxError || (error instanceof Error && error.name === 'ZodError');
    throw unreadable
      ? new EmbeddingError(
          'refused',
          `What answers at ${where} is no embedding server.`,
          'Correct the address of the embedding server.',
          error,
        )
      : new EmbeddingError(
          'unreachable',
          `No embedding server answers at ${where}.`,
          'Start it, or correct its address.',
          error,
        );
  }
}
