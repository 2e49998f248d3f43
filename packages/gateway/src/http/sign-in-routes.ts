import { GatewayError, operations, type SignedIn } from '@mini-claude-bot/contract';
import type { Authenticator, SignInCredential } from '../access/authenticator.ts';
import type { SignInCookie } from '../access/sign-in-cookie.ts';
import type { SignInLinks } from '../access/sign-in-links.ts';
import { type SignIns, signInMs } from '../access/sign-ins.ts';
import type { OperationBinder } from './bind.ts';
import type { Caller } from './caller.ts';

/** What the routes of signing in call. */
export interface SignInRouteParts {
  readonly authenticator: Authenticator;
  readonly signIns: SignIns;
  readonly links: SignInLinks;
  readonly cookie: SignInCookie;
}

export function bindSignInRoutes(binder: OperationBinder, parts: SignInRouteParts): void {
  const { authenticator, signIns, links, cookie } = parts;

  binder.bind(operations.signIn, ({ token, code }, { arrival, onStored, setHeader }) => {
    const { tokenId } = authenticator.signInWith(credentialOf(token, code), arrival.address, links);
    const { secret, caller, expiresAtMs } = signIns.begin(tokenId, (id, { name }) =>
      onStored({ sign_in_id: String(id) }, name),
    );
    setHeader('set-cookie', cookie.set(secret, signInMs / 1000, arrival.headers));
    return describe(caller, expiresAtMs);
  });

  binder.bind(operations.whoAmI, (_input, { caller }) => {
    const expires = caller.signInId === undefined ? null : signIns.find(caller.signInId).expires_at;
    return describe(caller, expires === null ? null : expires * 1000);
  });

  binder.bind(operations.signOut, (_input, { caller, onAnswered, onStored, setHeader }) => {
    const { signInId } = caller;
    setHeader('set-cookie', cookie.clear());
    if (signInId === undefined) return { signed_out: false };
    onStored({ sign_in_id: String(signInId) });
    // This connection is closed too: so the answer comes first.
    const close = signIns.end(signInId);
    onAnswered({ told: close, lost: close });
    return { signed_out: true };
  });

  binder.bind(operations.makeSignInLink, (_input, { caller }) => {
    const { code, expiresAtMs } = links.make(caller);
    // Behind the "#", it is sent to nobody and written into no log.
    return { path: `/open#${code}`, expires_at: expiresAtMs / 1000 };
  });

  binder.bind(operations.listSignIns, () => signIns.list());

  binder.bind(operations.endSignIn, ({ sign_in_id }, { onAnswered }) => {
    const found = signIns.find(sign_in_id);
    const close = signIns.end(sign_in_id);
    onAnswered({ told: close, lost: close });
    return found;
  });
}

function credentialOf(token: string | undefined, code: string | undefined): SignInCredential {
  if (token !== undefined && code === undefined) return { kind: 'token', token: token.trim() };
  if (code !== undefined && token === undefined) return { kind: 'code', code };
  const words = 'Either a token, or the code of a link, is needed.';
  throw new GatewayError('invalid_input', words, {
    issues: [{ loc: ['body', 'token'], msg: words, type: 'custom' }],
  });
}

const describe = (caller: Caller, expiresAtMs: number | null): SignedIn => ({
  name: caller.name,
  bot_id: caller.botId ?? null,
  by: wayOf(caller),
  expires_at: expiresAtMs === null ? null : expiresAtMs / 1000,
});

function wayOf({ signInId, tokenId, name }: Caller): SignedIn['by'] {
  if (signInId !== undefined) return 'cookie';
  return tokenId === undefined && name === 'loopback' ? 'machine' : 'token';
}
