import { AccessTokens } from './access/access-tokens.ts';
import { Authenticator } from './access/authenticator.ts';
import { CallerSockets } from './access/caller-sockets.ts';
import type { LocalKey } from './access/local-access.ts';
import { RateLimit } from './access/rate-limit.ts';
import { SignInCookie } from './access/sign-in-cookie.ts';
import { SignInLinks } from './access/sign-in-links.ts';
import { SignIns } from './access/sign-ins.ts';
import { SignInsRepo } from './access/sign-ins-repo.ts';
import { TokensRepo } from './access/tokens-repo.ts';
import type { Audit } from './audit/audit.ts';
import { wrongTokenFrom } from './audit/wrong-token.ts';
import type { Config } from './config/config.ts';
import type { Database } from './db/database.ts';
import type { Clock } from './host/clock.ts';

/** What the parts that know callers are made from. */
export interface AccessSources {
  readonly config: Config;
  readonly database: Database;
  readonly gatewayId: string;
  readonly localKey: LocalKey;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** The part of the composition root that knows who calls. */
export function composeAccess({
  config,
  database,
  gatewayId,
  localKey,
  audit,
  clock,
}: AccessSources) {
  const sockets = new CallerSockets();
  const tokens = new AccessTokens(new TokensRepo(database), clock, (id) => {
    sockets.close(`token ${id}`);
    signIns.endOfToken(id);
  });
  const signIns = new SignIns({
    database,
    repo: new SignInsRepo(database),
    tokens,
    clock,
    onEnd: (id) => sockets.close(`sign-in ${id}`),
  });
  const cookie = new SignInCookie(gatewayId);
  const authenticator = new Authenticator({
    mode: config.MCB_AUTH,
    tokens,
    localKey,
    browsers: { cookie, signIns },
    failures: new RateLimit(config.GATEWAY_FAILED_TRIES_PER_MINUTE, clock),
    onRefused: (address, error) => audit.noteRefused(wrongTokenFrom(address), error),
  });
  const close = (): void => {
    tokens.close();
    signIns.close();
  };
  return { sockets, tokens, signIns, cookie, authenticator, links: new SignInLinks(clock), close };
}
