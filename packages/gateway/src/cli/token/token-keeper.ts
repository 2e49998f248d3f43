import { createClient, UnreachableError } from '@mini-claude-bot/client';
import {
  type InputOf,
  type OutputOf,
  operations,
  type ParsedInputOf,
  type Token,
} from '@mini-claude-bot/contract';
import { AccessTokens } from '../../access/access-tokens.ts';
import { readLocalAccess } from '../../access/local-access.ts';
import { TokensRepo } from '../../access/tokens-repo.ts';
import { Audit } from '../../audit/audit.ts';
import { AuditRepo } from '../../audit/audit-repo.ts';
import { deedOfCall } from '../../audit/deed-of-call.ts';
import type { Database } from '../../db/database.ts';
import { DatabaseError } from '../../db/database.ts';
import { DatabaseHeldError, holdDatabase, realDatabasePath } from '../../db/hold-database.ts';
import { openDatabase } from '../../db/open-database.ts';
import { systemClock } from '../../host/clock.ts';
import { createLogger } from '../../host/logger.ts';
import { KnownSecrets } from '../../secrets/known-secrets.ts';
import { cliCaller } from '../cli-caller.ts';
import { UserFault } from '../user-fault.ts';

type NewToken = InputOf<typeof operations.createToken>;
type MadeToken = OutputOf<typeof operations.createToken>;

/** Whatever keeps the tokens at present. */
export interface TokenKeeper {
  readonly create: (input: ParsedInputOf<typeof operations.createToken>) => Promise<MadeToken>;
  readonly list: () => Promise<Token[]>;
  readonly revoke: (name: string) => Promise<Token>;
}

/**
 * Do something to the tokens of a database. The one who holds it does it, since a database has one writer:
 * this process takes it, the same way as a gateway would; or where a gateway has it, that one is asked, with
 * the key that it put beside the database. So what is revoked is refused at once, and no token is needed to
 * make one.
 * @throws UserFault when neither is possible; GatewayError as the keeper says
 */
export async function withTokens<T>(
  databasePath: string,
  act: (keeper: TokenKeeper) => Promise<T>,
): Promise<T> {
  const path = realDatabasePath(databasePath);
  if (path === ':memory:')
    throw new UserFault('DATABASE_PATH is :memory:, where no token would be kept.', 2);
  try {
    return await withDatabase(path, act);
  } catch (error) {
    if (error instanceof DatabaseHeldError) return act(runningGateway(path, error.message));
    if (error instanceof DatabaseError) throw new UserFault(error.message);
    throw error;
  }
}

async function withDatabase<T>(path: string, act: (keeper: TokenKeeper) => Promise<T>): Promise<T> {
  const release = holdDatabase(path);
  try {
    const database = openDatabase(path);
    try {
      const tokens = new AccessTokens(new TokensRepo(database), systemClock);
      return await act(keeperOf(tokens, auditOf(database))).finally(() => tokens.close());
    } finally {
      database.close();
    }
  } finally {
    release();
  }
}

/** The same deeds stand in the audit as where a gateway does them. */
function keeperOf(tokens: AccessTokens, audit: Audit): TokenKeeper {
  const { createToken, revokeToken } = operations;
  const origin = { caller: cliCaller() };
  return {
    create: (input) =>
      audit.run(deedOfCall(createToken, origin, input), () => tokens.create(input)),
    list: async () => tokens.list(),
    revoke: async (name) =>
      tokens.has(name)
        ? audit.run(deedOfCall(revokeToken, origin, { name }), () => tokens.revoke(name))
        : tokens.revoke(name),
  };
}

function auditOf(database: Database): Audit {
  const [secrets, clock] = [new KnownSecrets(), systemClock];
  const logger = createLogger('error', secrets);
  return new Audit({ repo: new AuditRepo(database), clock, logger, secrets });
}

/** @param held who has the database, in words */
function runningGateway(path: string, held: string): TokenKeeper {
  const access = readLocalAccess(path);
  if (access === undefined) throw unreachable(held);
  const client = createClient({ baseUrl: access.url, token: access.key });
  const asked = <T>(answer: Promise<T>): Promise<T> =>
    answer.catch((error: unknown) => {
      throw error instanceof UnreachableError ? unreachable(held) : error;
    });
  return {
    create: (input: NewToken) => asked(client.call(operations.createToken, input)),
    list: () => asked(client.call(operations.listTokens, {})),
    revoke: (name) => asked(client.call(operations.revokeToken, { name })),
  };
}

const unreachable = (held: string): UserFault =>
  new UserFault(`${held}\nThat one does not answer; if it is just starting or ending, try again.`);
