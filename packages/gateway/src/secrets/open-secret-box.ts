import { randomBytes } from 'node:crypto';
import { keyFileOf, readKeyFile } from './key-file.ts';
import type { KnownSecrets } from './known-secrets.ts';
import { keyBytes, SecretBox } from './secret-box.ts';

/**
 * The box for the secrets in a database: its key lies beside it, or lasts as long as the process where
 * the database does.
 * @throws KeyFileError
 */
export function openSecretBox(databasePath: string, secrets: KnownSecrets): SecretBox {
  const inMemory = databasePath === ':memory:';
  return new SecretBox(
    inMemory ? randomBytes(keyBytes) : readKeyFile(keyFileOf(databasePath)),
    secrets,
  );
}
