/** Keeps the beginning and the end of an output that may be of any length. */
export class CappedOutput {
  readonly #headMax: number;
  readonly #tailMax: number;
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  #tail: Buffer[] = [];
  #tailBytes = 0;
  #leftOut = 0;

  /** @param headMax bytes that are kept of the beginning @param tailMax of the end */
  constructor(headMax: number, tailMax: number) {
    this.#headMax = headMax;
    this.#tailMax = tailMax;
  }

  add(chunk: Buffer): void {
    const room = this.#headMax - this.#headBytes;
    if (room > 0) {
      const first = chunk.subarray(0, room);
      this.#head.push(first);
      this.#headBytes += first.length;
    }
    if (chunk.length > room) this.#addToTail(chunk.subarray(Math.max(0, room)));
  }

  #addToTail(chunk: Buffer): void {
    this.#tail.push(chunk);
    this.#tailBytes += chunk.length;
    if (this.#tailBytes <= 2 * this.#tailMax) return;
    const kept = Buffer.concat(this.#tail).subarray(-this.#tailMax);
    this.#leftOut += this.#tailBytes - kept.length;
    this.#tail = [Buffer.from(kept)];
    this.#tailBytes = kept.length;
  }

  /** As text. What is no UTF-8, or was cut in two, is shown as U+FFFD; NUL too, which no text may have. */
  get text(): string {
    const tail = Buffer.concat(this.#tail);
    const shown = tail.subarray(Math.max(0, tail.length - this.#tailMax));
    const leftOut = this.#leftOut + tail.length - shown.length;
    const head = Buffer.concat(this.#head);
    if (leftOut === 0) return readable(Buffer.concat([head, shown]));
    return `${readable(head)}\n… ${leftOut} bytes are left out …\n${readable(shown)}`;
  }
}

const readable = (bytes: Buffer): string => bytes.toString('utf8').replaceAll('\0', '\uFFFD');
