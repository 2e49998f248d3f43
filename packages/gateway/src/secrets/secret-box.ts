import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { GatewayError } from '@mini-claude-bot/contract';
import { KnownSecrets } from './known-secrets.ts';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
export const keyBytes = 32;
const keyIdBytes = 4;
const form = 'v1';

/**
 * Seals what must be stored but not be read by whoever gets at the database or a backup: AES-256-GCM
 * (NIST SP 800-38D) under a key derived for each purpose (HKDF, RFC 5869), with a random nonce. A sealed
 * value is `v1:` and, in base64url, which key it was, the nonce, the text and its tag.
 */
export class SecretBox {
  readonly #key: Buffer;
  readonly #keyId: Buffer;
  readonly #secrets: KnownSecrets;

  /**
   * @param key 32 random bytes
   * @param secrets learn whatever is sealed or opened, so that no log shows it
   */
  constructor(key: Buffer, secrets: KnownSecrets = new KnownSecrets()) {
    if (key.length !== keyBytes) throw new Error(`a key has ${keyBytes} bytes`);
    this.#key = key;
    this.#keyId = this.#derive('key-id', keyIdBytes);
    this.#secrets = secrets;
  }

  /** @param purpose what it is, such as `telegram-token:{bot_id}`: what is sealed for one opens for no other */
  seal(plain: string, purpose: string): string {
    this.#secrets.add(plain);
    const nonce = randomBytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.#keyFor(purpose), nonce);
    const text = [sealing.update(plain, 'utf8'), sealing.final()];
    const bytes = Buffer.concat([this.#keyId, nonce, ...text, sealing.getAuthTag()]);
    return `${form}:${bytes.toString('base64url')}`;
  }

  /** @throws GatewayError `secret_unreadable` */
  open(sealed: string, purpose: string): string {
    const { keyId, nonce, text, tag } = partsOf(sealed);
    if (!keyId.equals(this.#keyId)) throw unreadable('it was sealed with another key');
    const opening = createDecipheriv(cipher, this.#keyFor(purpose), nonce).setAuthTag(tag);
    try {
      const plain = Buffer.concat([opening.update(text), opening.final()]).toString('utf8');
      this.#secrets.add(plain);
      return plain;
    } catch (cause) {
      throw unreadable('it was altered', cause);
    }
  }

  #keyFor(purpose: string): Buffer {
    return this.#derive(`for:${purpose}`, keyBytes);
  }

  #derive(info: string, length: number): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#key, '', info, length));
  }
}

function partsOf(sealed: string) {
  const [version, text = '', ...more] = sealed.split(':');
  const bytes = Buffer.from(text, 'base64url');
  const head = keyIdBytes + nonceBytes;
  if (version !== form || more.length > 0 || bytes.length < head + tagBytes) {
    throw unreadable('it is no sealed value');
  }
  return {
    keyId: bytes.subarray(0, keyIdBytes),
    nonce: bytes.subarray(keyIdBytes, head),
    text: bytes.subarray(head, -tagBytes),
    tag: bytes.subarray(-tagBytes),
  };
}

const unreadable = (why: string, cause?: unknown): GatewayError =>
  new GatewayError(
    'secret_unreadable',
    `A stored secret, such as a bot's token, can't be read: ${why}. Its owner can put the key file back that ` +
      'belongs to this database (DATABASE_PATH with .key), or give the secret anew.',
    { cause },
  );
