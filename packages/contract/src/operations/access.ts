import { z } from 'zod';
import { BotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { plainText } from '../text.ts';

const unixSeconds = z.number().describe('Unix seconds.');

/**
 * Names that the gateway itself gives to callers without a token of their own. (Its own parts, and commands, have
 * names with a colon, which no token has.)
 */
const reserved = ['loopback', 'local', 'unknown'];

export const TokenName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
    error: 'must have 1 to 64 letters, digits, ".", "_" or "-", and begin with a letter or digit',
  })
  .refine((name) => !reserved.includes(name.toLowerCase()), {
    error: `must not be ${reserved.join(', ')}`,
  })
  .refine((name) => !/^mcb_[\w-]{43}$/.test(name), {
    error: 'must be the name of a token, not a token',
  })
  .describe('What the token is called, here and in the audit.');

/** A token as it is listed: the token itself is not kept, and can't be shown. */
export const Token = z.object({
  id: z.int(),
  name: z.string(),
  bot_id: z.string().nullable().describe('The only bot that it is for; null: all, as its owner.'),
  state: z.enum(['active', 'expired', 'revoked']),
  created_at: unixSeconds,
  expires_at: unixSeconds.nullable(),
  revoked_at: unixSeconds.nullable(),
});
export type Token = z.infer<typeof Token>;

export const createToken = defineOperation({
  id: 'createToken',
  method: 'POST',
  path: '/api/access/tokens',
  tag: 'access',
  access: 'owner',
  audit: 'changes access',
  auditFields: ['name', 'expires_in'],
  summary: 'Make a token',
  description: 'The answer is the only place where the token is ever shown.',
  input: z.object({
    name: TokenName,
    bot_id: BotId.optional().describe('The only bot that it is for; all when absent.'),
    expires_in: z
      .int()
      .min(60)
      .max(10 * 365 * 86_400)
      .optional()
      .describe('Seconds; never when absent.'),
    token: plainText
      .optional()
      .describe('One that exists elsewhere already; made up when absent, which is better.'),
  }),
  output: {
    kind: 'json',
    status: 201,
    schema: Token.extend({ token: z.string().describe('To be kept by whoever is to call.') }),
  },
  errors: ['conflict', 'database_unavailable'],
});

export const listTokens = defineOperation({
  id: 'listTokens',
  method: 'GET',
  path: '/api/access/tokens',
  tag: 'access',
  access: 'owner',
  summary: 'List the tokens, newest first',
  input: z.object({}),
  output: { kind: 'json', status: 200, schema: z.array(Token) },
  errors: [],
});

export const revokeToken = defineOperation({
  id: 'revokeToken',
  method: 'DELETE',
  path: '/api/access/tokens/{name}',
  tag: 'access',
  access: 'owner',
  audit: 'changes access',
  // Not of a name that is none: somebody may have taken the token itself for its name.
  auditedWhenStored: true,
  summary: 'Revoke a token',
  description:
    'At once: it is refused from here on, and what is open with it is closed. Turns that it started go on.',
  input: z.object({ name: TokenName }),
  output: { kind: 'json', status: 200, schema: Token },
  errors: ['not_found', 'database_unavailable'],
});
