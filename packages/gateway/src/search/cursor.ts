import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { Explanation, GatewayError, SearchMode } from '@mini-claude-bot/contract';
import { z } from 'zod';
import type { Waiting } from './engine/search-request.ts';

/** What a cursor says: how it was looked for, and the hits that are still to be shown. */
export interface Cursor {
  readonly mode: SearchMode;
  readonly waiting: readonly Waiting[];
}

const place = z.int().min(0);
const Content = z.object({
  of: z.string(),
  mode: SearchMode,
  waiting: z
    .array(
      z.union([
        z.tuple([place, place, place, z.number()]),
        z.tuple([place, place, place, z.number(), Explanation]),
      ]),
    )
    .max(500),
});

/** Far more than the longest that is made. */
const longestBytes = 200_000;

/** By which a cursor is known to belong to a search. */
const digestOf = (search: object): string =>
  createHash('sha256').update(JSON.stringify(search)).digest('base64url').slice(0, 12);

/**
 * The hits of a search that are still to be shown, as text: whatever is written meanwhile, the next pages are those
 * of the same list, and nothing need be kept for them. It holds ids, which whoever has it may read, and change: they
 * are looked up within what they may see.
 * @param search what was asked, as it must be asked again
 */
export const encodeCursor = (search: object, { mode, waiting }: Cursor): string =>
  deflateRawSync(JSON.stringify({ of: digestOf(search), mode, waiting })).toString('base64url');

/** @throws GatewayError `invalid_input` for what is no cursor, or one of another search */
export function decodeCursor(search: object, text: string): Cursor {
  const content = Content.safeParse(contentOf(text));
  if (!content.success) throw notOurs('It is no cursor of a search');
  if (content.data.of !== digestOf(search))
    throw notOurs('It belongs to another search: all else must be as on the first page');
  return content.data;
}

function contentOf(text: string): unknown {
  try {
    const bytes = Buffer.from(text, 'base64url');
    return JSON.parse(inflateRawSync(bytes, { maxOutputLength: longestBytes }).toString());
  } catch {
    return undefined;
  }
}

const notOurs = (msg: string): GatewayError =>
  new GatewayError('invalid_input', `query.cursor: ${msg}`, {
    issues: [{ loc: ['query', 'cursor'], msg, type: 'cursor' }],
  });
