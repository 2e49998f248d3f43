import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { plainText } from '../text.ts';

const unixSeconds = z.number().describe('Unix seconds.');

/** Who calls, as the gateway knows them. */
export const SignedIn = z.object({
  name: z.string().describe('As the audit names them: the token, or `loopback`.'),
  bot_id: z
    .string()
    .nullable()
    .describe('The only bot that they act for; null: all, as the owner.'),
  by: z
    .enum(['cookie', 'token', 'machine'])
    .describe('machine: whoever calls from this machine itself is let in.'),
  expires_at: unixSeconds.nullable().describe('When a sign-in ends by itself.'),
});
export type SignedIn = z.infer<typeof SignedIn>;

/** A browser that is signed in. */
export const SignIn = z.object({
  id: z.int(),
  name: z
    .string()
    .describe('The token that it came with; `page:owner`: a link that was made on the machine.'),
  bot_id: z.string().nullable(),
  created_at: unixSeconds,
  expires_at: unixSeconds,
});
export type SignIn = z.infer<typeof SignIn>;

export const signIn = defineOperation({
  id: 'signIn',
  method: 'POST',
  path: '/api/access/session',
  tag: 'access',
  access: 'anyone',
  beforeSignIn: true,
  audit: 'changes access',
  auditedWhenStored: true,
  summary: 'Sign a browser in, with a token or the code of a link',
  description:
    'The answer sets a cookie that scripts can not read. It counts for pages of the gateway itself alone, and ends ' +
    'with the token.',
  input: z.object({
    token: plainText.max(1000).optional().describe('As its owner has it.'),
    code: plainText.max(1000).optional().describe('Of a link: it counts once, for a few minutes.'),
  }),
  output: { kind: 'json', status: 200, schema: SignedIn },
  errors: ['unauthorized', 'too_many_requests', 'database_unavailable'],
});

export const whoAmI = defineOperation({
  id: 'whoAmI',
  method: 'GET',
  path: '/api/access/session',
  tag: 'access',
  access: 'anyone',
  summary: 'Who calls: 401 where that must be said first',
  input: z.object({}),
  output: { kind: 'json', status: 200, schema: SignedIn },
  errors: [],
});

export const signOut = defineOperation({
  id: 'signOut',
  method: 'DELETE',
  path: '/api/access/session',
  tag: 'access',
  access: 'anyone',
  audit: 'changes access',
  auditedWhenStored: true,
  summary: 'End the sign-in of this browser, and what is open with it',
  input: z.object({}),
  output: { kind: 'json', status: 200, schema: z.object({ signed_out: z.boolean() }) },
  errors: ['database_unavailable'],
});

export const makeSignInLink = defineOperation({
  id: 'makeSignInLink',
  method: 'POST',
  path: '/api/access/links',
  tag: 'access',
  access: 'owner',
  audit: 'changes access',
  summary: 'Make a link that signs a browser in once',
  description: 'With the rights of whoever makes it: it ends with their token.',
  input: z.object({}),
  output: {
    kind: 'json',
    status: 201,
    schema: z.object({
      path: z
        .string()
        .describe("To be put behind the gateway's address. Whoever has it can sign in."),
      expires_at: unixSeconds,
    }),
  },
  errors: ['database_unavailable'],
});

export const listSignIns = defineOperation({
  id: 'listSignIns',
  method: 'GET',
  path: '/api/access/sessions',
  tag: 'access',
  access: 'owner',
  summary: 'List the browsers that are signed in, newest first',
  input: z.object({}),
  output: { kind: 'json', status: 200, schema: z.array(SignIn) },
  errors: [],
});

export const endSignIn = defineOperation({
  id: 'endSignIn',
  method: 'DELETE',
  path: '/api/access/sessions/{sign_in_id}',
  tag: 'access',
  access: 'owner',
  audit: 'changes access',
  summary: 'Sign a browser out, from anywhere',
  input: z.object({ sign_in_id: z.int().min(1) }),
  output: { kind: 'json', status: 200, schema: SignIn },
  errors: ['not_found', 'database_unavailable'],
});
