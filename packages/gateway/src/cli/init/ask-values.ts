import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { faultOf, variableNamed } from './check-value.ts';
import type { Question } from './questions.ts';

/** Where questions are put and answered. */
export interface Conversation {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/** The input ended, or Ctrl-C was pressed, before all was answered. */
export const brokenOff = Symbol('broken off');

/**
 * Put questions until each has a usable answer.
 * @returns what was chosen over the defaults, by the variables' names
 */
export async function askValues(
  questions: readonly Question[],
  { input, output }: Conversation,
): Promise<Map<string, string> | typeof brokenOff> {
  const answers = new Map<string, string>();
  const muffled = new Muffled(output);
  const terminal = 'isTTY' in output && output.isTTY === true;
  const lines = createInterface({ input, output: muffled, terminal });
  // The iterator ends with it.
  lines.once('SIGINT', () => lines.close());
  // What is piped may come all at once: lines wait here for their question.
  const typed = lines[Symbol.asyncIterator]();
  try {
    for (const { name, words } of questions) {
      const variable = variableNamed(name);
      if (variable === undefined) continue;
      output.write(`\n${words.join('\n')}\n`);
      for (;;) {
        const { default: standard } = variable;
        lines.setPrompt(standard === undefined ? `${name}: ` : `${name} [${standard}]: `);
        lines.prompt();
        muffled.quiet = variable.secret === true;
        const answer = await typed.next();
        if (muffled.quiet) output.write('\n');
        muffled.quiet = false;
        if (answer.done === true) return brokenOff;
        const value = answer.value.trim();
        if (value === '' || value === standard) break;
        const fault = faultOf(name, variable, value);
        if (fault === undefined) {
          answers.set(name, value);
          break;
        }
        output.write(`${fault}\n`);
      }
    }
    return answers;
  } finally {
    lines.close();
  }
}

/** Hands everything on, but what is typed at a question for a secret. */
class Muffled extends Writable {
  readonly #output: NodeJS.WritableStream;
  quiet = false;

  constructor(output: NodeJS.WritableStream) {
    super();
    this.#output = output;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (!this.quiet) this.#output.write(chunk);
    done();
  }
}
