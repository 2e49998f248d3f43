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
    const text = this.#held + piece;
    let shown = text.length - this.#secrets.begunAtEndOf(text);
    // Secrets may share an end and a beginning: which of them it is shows only with what comes.
    for (let last = -1; last !== shown; ) {
      last = shown;
      shown = this.#secrets.startAcross(text, shown);
    }
    this.#held = text.slice(shown);
    return this.#secrets.hide(text.slice(0, shown));
  }

  /** @returns what was held back: no more comes */
  end(): string {
    const rest = this.#held;
    this.#held = '';
    return this.#secrets.hide(rest);
  }
}
