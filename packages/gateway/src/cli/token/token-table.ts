import type { Token } from '@mini-claude-bot/contract';
import { printableLine } from '../chat/printable-text.ts';

/** Tokens as a table for a terminal, a line each. */
export function tokenTable(tokens: readonly Token[]): string {
  const rows = [
    ['NAME', 'BOT', 'STATE', 'MADE', 'EXPIRES'],
    ...tokens.map((token) => [
      token.name,
      printableLine(token.bot_id ?? '(all)'),
      token.state,
      day(token.created_at),
      token.expires_at === null ? 'never' : day(token.expires_at),
    ]),
  ];
  const widths = rows[0]?.map((_, n) => Math.max(...rows.map((row) => row[n]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const day = (unixSeconds: number): string =>
  new Date(unixSeconds * 1000).toISOString().slice(0, 10);
