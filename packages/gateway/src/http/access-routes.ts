import { operations } from '@mini-claude-bot/contract';
import type { AccessTokens } from '../access/access-tokens.ts';
import type { OperationBinder } from './bind.ts';

export function bindAccessRoutes(binder: OperationBinder, tokens: AccessTokens): void {
  binder.bind(operations.createToken, (input) => tokens.create(input));

  binder.bind(operations.listTokens, () => tokens.list());

  binder.bind(operations.revokeToken, ({ name }, { onStored }) => {
    if (tokens.has(name)) onStored();
    return tokens.revoke(name);
  });
}
