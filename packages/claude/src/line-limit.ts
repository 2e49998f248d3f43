import { Transform, type TransformCallback } from 'node:stream';

const newline = 0x0a;

/**
 * Passes lines on as they are, up to one that is too long. Whoever reads lines keeps an unfinished one
 * in memory, so a program that never ends its line could take all there is. From there on everything
 * is thrown away, and the reader gets an end.
 */
export class LineLimit extends Transform {
  readonly #longest: number;
  readonly #onExceeded: () => void;
  #length = 0;
  #exceeded = false;

  /**
   * @param longest bytes of a line
   * @param onExceeded called once, when a line is longer
   */
  constructor(longest: number, onExceeded: () => void) {
    super();
    this.#longest = longest;
    this.#onExceeded = onExceeded;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (!this.#exceeded && this.#fits(chunk)) this.push(chunk);
    else this.#exceed();
    done();
  }

  /** Chunks of a pipe are far shorter than a line may be: only their first line can be too long. */
  #fits(chunk: Buffer): boolean {
    const first = chunk.indexOf(newline);
    if (this.#length + (first < 0 ? chunk.length : first) > this.#longest) return false;
    this.#length =
      first < 0 ? this.#length + chunk.length : chunk.length - chunk.lastIndexOf(newline) - 1;
    return true;
  }

  #exceed(): void {
    if (this.#exceeded) return;
    this.#exceeded = true;
    this.push(null);
    this.#onExceeded();
  }
}
