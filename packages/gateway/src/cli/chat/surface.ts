import type { WriteStream } from 'node:tty';

/** How text looks. */
export type Style = 'plain' | 'dim' | 'red' | 'bold';

const codes: Record<Exclude<Style, 'plain'>, readonly [number, number]> = {
  dim: [2, 22],
  red: [31, 39],
  bold: [1, 22],
};

/** What a surface needs of a stream. */
export type Output = Pick<NodeJS.WritableStream, 'write'> &
  Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;

/** Somewhere to write to, that knows whether it is at the start of a line. */
export class Surface {
  readonly #output: Output;
  readonly #coloured: boolean;
  #atLineStart = true;

  /** @param coloured whether styles are wanted at all; they are left out where no terminal is */
  constructor(output: Output, coloured: boolean) {
    this.#output = output;
    this.#coloured = coloured && output.isTTY === true;
  }

  get isTerminal(): boolean {
    return this.#output.isTTY === true;
  }

  get columns(): number {
    return this.#output.columns ?? 80;
  }

  /** @param text free of control characters but newline and tab */
  write(text: string, style: Style = 'plain'): void {
    if (text === '') return;
    this.#output.write(style === 'plain' || !this.#coloured ? text : paint(text, style));
    this.#atLineStart = text.endsWith('\n');
  }

  /** The terminal itself wrote something, such as the `^C` of a key that was pressed. */
  disturb(): void {
    if (this.isTerminal) this.#atLineStart = false;
  }

  /** End the line that was begun. */
  breakLine(): void {
    if (!this.#atLineStart) this.write('\n');
  }

  /** Write a line of its own. */
  line(text: string, style: Style = 'plain'): void {
    this.breakLine();
    this.write(text, style);
    this.write('\n');
  }
}

function paint(text: string, style: Exclude<Style, 'plain'>): string {
  const [on, off] = codes[style];
  return `\u001b[${on}m${text}\u001b[${off}m`;
}
