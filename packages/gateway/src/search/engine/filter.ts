import type { Scope } from './search-request.ts';

/** A scope as SQL, for a query that has the table `passages` as `p`. */
export interface Filter {
  readonly joins: string;
  /** Begins with AND, or is empty. */
  readonly where: string;
  readonly values: Readonly<Record<string, string>>;
  /** Whether it asks for more than a bot's rows of a kind. */
  readonly narrow: boolean;
}

const conditions = {
  sessionId: 'm.session_id = :sessionId',
  role: 'm.role = :role',
  source: 'm.source = :source',
  since: 'm.created_at >= :since',
  until: 'm.created_at < :until',
} as const;

export function filterOf(scope: Scope): Filter {
  const asked = Object.entries(conditions).flatMap(([name, sql]) => {
    const value = scope[name as keyof typeof conditions];
    return value === undefined ? [] : [{ name, sql, value }];
  });
  const values = Object.fromEntries(asked.map(({ name, value }) => [name, value]));
  if (scope.kind === 'memory' || asked.length === 0) {
    return { joins: '', where: '', values: {}, narrow: false };
  }
  return {
    joins: 'JOIN chat_messages m ON m.id = p.row_id',
    where: asked.map(({ sql }) => `AND ${sql}`).join(' '),
    values,
    narrow: true,
  };
}
