import { GatewayError } from '@mini-claude-bot/contract';

/** What the gateway found wrong with an input, by the names of its fields; what is of none of them is not in here. */
export function fieldErrors(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof GatewayError)) return {};
  return Object.fromEntries(
    error.issues.flatMap(({ loc: [, field], msg }) =>
      typeof field === 'string' ? [[field, msg]] : [],
    ),
  );
}
