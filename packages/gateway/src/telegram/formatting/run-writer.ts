import type { TelegramStyle } from '../entities.ts';
import { compatible, type Run, visible } from './run.ts';

/** Writes a message from its beginning to its end. */
export class RunWriter {
  readonly #runs: Run[] = [];
  #styles: readonly TelegramStyle[] = [];
  #indent = '';
  #gap = 0;

  get runs(): readonly Run[] {
    return this.#runs;
  }

  get quoted(): boolean {
    return this.#styles.some(({ type }) => type.endsWith('blockquote'));
  }

  /** Lines after the first get the present indent. */
  write(text: string): void {
    if (text === '') return;
    this.#closeGap();
    this.#add(visible(text).replaceAll('\n', `\n${this.#indent}`), compatible(this.#styles));
  }

  /** What comes next stands so many lines below: 1 is the next line. At the beginning there is no gap. */
  separate(lines: number): void {
    if (this.#runs.length > 0) this.#gap = Math.max(this.#gap, lines);
  }

  styled(style: TelegramStyle, write: () => void): void {
    const outer = this.#styles;
    this.#styles = [...outer, style];
    try {
      write();
    } finally {
      this.#styles = outer;
    }
  }

  indented(indent: string, write: () => void): void {
    const outer = this.#indent;
    this.#indent = outer + indent;
    try {
      write();
    } finally {
      this.#indent = outer;
    }
  }

  /** As it would be at the left edge: code and quotes have an edge of their own. */
  unindented(write: () => void): void {
    const outer = this.#indent;
    this.#indent = '';
    try {
      write();
    } finally {
      this.#indent = outer;
    }
  }

  /** What stands between two blocks of a quote belongs to the quote. */
  #closeGap(): void {
    if (this.#gap === 0) return;
    const before = this.#runs.at(-1)?.styles ?? [];
    const around = this.#styles.filter((style) => before.includes(style));
    this.#add('\n'.repeat(this.#gap) + this.#indent, compatible(around));
    this.#gap = 0;
  }

  #add(text: string, styles: readonly TelegramStyle[]): void {
    if (text !== '') this.#runs.push({ text, styles });
  }
}
