import type { KnownSecrets } from './known-secrets.ts';

/**
 * Hides known secrets in a text that comes in pieces, cut anywhere: an end that may be the beginning of a
 * secret is held back until the next piece.
 */
export class SecretStream {
  readonly #secrets: KnownSecrets;
  #held = '';

  constructor(secrets: KnownSecrets) {
    this.#secrets = secrets;
  }

  /** @returns what may be shown by now */
  push(piece: string): string {
    const text = this.#secrets.hide(this.#held + piece);
    const shown = text.length - this.#secrets.begunAtEndOf(text);
    this.#held = text.slice(shown);
    return text.slice(0, shown);
  }

  /** @returns what was held back: no more comes */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return rest;
  }
}
