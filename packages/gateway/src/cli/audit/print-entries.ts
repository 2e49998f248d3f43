import type { AuditEntry } from '@mini-claude-bot/contract';
import { printableLine } from '../chat/printable-text.ts';

/** One line an entry, oldest first: when (UTC), who, from where, what, on what, and how it ended. */
export const entryLines = (entries: readonly AuditEntry[]): string =>
  entries
    .toReversed()
    .map((entry) => `${lineOf(entry)}\n`)
    .join('');

function lineOf({ at, caller, address, operation, bot_id, about, outcome }: AuditEntry): string {
  const when = new Date(at * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const who = address === null ? caller : `${caller} (${address})`;
  const ids = Object.entries({ ...(bot_id === null ? {} : { bot_id }), ...about });
  const what = [operation, ...ids.map(([name, id]) => `${name}=${JSON.stringify(id)}`)].join(' ');
  // Ids are chosen by whoever calls: they must not write to the terminal.
  return printableLine(`${when}  ${who}  ${what}  ${outcome ?? '(no outcome)'}`);
}
