import { fitLine } from './chat/fit-line.ts';
import type { Output } from './chat/surface.ts';

/** Of a terminal that doesn't say, or says 0. */
const usualColumns = 80;
const eraseLine = '\r\u001b[K';

/** One line of a terminal that says how far something is, and is gone when it is done. Elsewhere: nothing. */
export class ProgressLine {
  readonly #output: Output;
  #shown = false;

  constructor(output: Output) {
    this.#output = output;
  }

  show(text: string): void {
    if (!this.#output.isTTY) return;
    this.#shown = true;
    this.#output.write(eraseLine + fitLine(text, (this.#output.columns || usualColumns) - 1));
  }

  clear(): void {
    if (this.#shown) this.#output.write(eraseLine);
    this.#shown = false;
  }
}
