const newline = 0x0a;

/** The longest line that is read, in bytes. Those with pictures in them have some megabytes. */
const longestLine = 64 * 1024 * 1024;

/** A whole line, without what ends it, good for the moment; undefined in place of one that is too long. */
type OnLine = (line: Buffer | undefined) => void;

/** Cuts what comes in pieces into lines. */
export class LineSplitter {
  readonly #onLine: OnLine;
  readonly #longest: number;
  /** Of the line that has begun, unless it is too long. */
  #pieces: Buffer[] = [];
  #length = 0;

  constructor(onLine: OnLine, longest: number = longestLine) {
    this.#onLine = onLine;
    this.#longest = longest;
  }

  /** Bytes of the line that has begun and has no end yet. */
  get unfinished(): number {
    return this.#length;
  }

  /** @param bytes may be overwritten afterwards */
  push(bytes: Buffer): void {
    let from = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      this.#end(bytes.subarray(from, end));
      from = end + 1;
    }
    if (from === bytes.length) return;
    this.#length += bytes.length - from;
    if (this.#length > this.#longest) this.#pieces = [];
    else this.#pieces.push(Buffer.from(bytes.subarray(from)));
  }

  #end(last: Buffer): void {
    const length = this.#length + last.length;
    const line = this.#length === 0 ? last : Buffer.concat([...this.#pieces, last]);
    this.#pieces = [];
    this.#length = 0;
    this.#onLine(length > this.#longest ? undefined : line);
  }
}
