import type { Token } from '@mini-claude-bot/contract';
import { textTable } from '../text-table.ts';

/** Tokens as a table for a terminal, a line each. */
export const tokenTable = (tokens: readonly Token[]): string =>
  textTable(
    ['NAME', 'BOT', 'STATE', 'MADE', 'EXPIRES'],
    tokens.map((token) => [
      token.name,
      token.bot_id ?? '(all)',
      token.state,
      day(token.created_at),
      token.expires_at === null ? 'never' : day(token.expires_at),
    ]),
  );

const day = (unixSeconds: number): string =>
  new Date(unixSeconds * 1000).toISOString().slice(0, 10);
