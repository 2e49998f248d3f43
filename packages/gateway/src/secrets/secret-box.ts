import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
export const keyBytes = 32;
const form = 'v1';

/** A sealed value can't be opened: it was altered, or sealed with another key or for another purpose. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/**
 * Seals what must be stored but not be read by whoever gets at the database or a backup: AES-256-GCM
 * (NIST SP 800-38D) under a key derived for each purpose (HKDF, RFC 5869), with a random nonce.
 */
export class SecretBox {
  readonly #key: Buffer;

  /** @param key 32 random bytes */
  constructor(key: Buffer) {
    if (key.length !== keyBytes) throw new Error(`a key has ${keyBytes} bytes`);
    this.#key = key;
  }

  /** @param purpose what it is, such as `telegram-token:{bot_id}`: what is sealed for one opens for no other */
  seal(plain: string, purpose: string): string {
    const nonce = randomBytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.#keyFor(purpose), nonce);
    const parts = [nonce, sealing.update(plain, 'utf8'), sealing.final(), sealing.getAuthTag()];
    return `${form}:${Buffer.concat(parts).toString('base64url')}`;
  }

  /** @throws SealError */
  open(sealed: string, purpose: string): string {
    const [version, text = ''] = sealed.split(':');
    const bytes = Buffer.from(text, 'base64url');
    if (version !== form || bytes.length < nonceBytes + tagBytes) {
      throw new SealError('This is not a sealed value.');
    }
    const opening = createDecipheriv(
      cipher,
      this.#keyFor(purpose),
      bytes.subarray(0, nonceBytes),
    ).setAuthTag(bytes.subarray(-tagBytes));
    try {
      const plain = opening.update(bytes.subarray(nonceBytes, -tagBytes));
      return Buffer.concat([plain, opening.final()]).toString('utf8');
    } catch (cause) {
      throw new SealError('A sealed value was altered, or sealed with another key.', { cause });
    }
  }

  #keyFor(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#key, '', purpose, keyBytes));
  }
}
