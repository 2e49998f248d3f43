import { createInterface } from 'node:readline';

/** What a person did at the prompt. */
export type Typed =
  | { readonly kind: 'message'; readonly text: string }
  | { readonly kind: 'leave' };

/** Where a person types, and what they typed before. */
export interface Prompt {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly words: string;
  /** Newest first; grows. */
  readonly history: string[];
}

/**
 * Wait for one message. The terminal is read only meanwhile, so that Ctrl-C during an answer is an
 * ordinary signal. Lines that come in one piece were pasted, and are one message.
 */
export function readMessage({ input, output, words, history }: Prompt): Promise<Typed> {
  const reader = createInterface({
    input,
    output,
    prompt: words,
    history: [...history],
    terminal: true,
  });
  const lines: string[] = [];
  return new Promise<Typed>((resolve) => {
    const close = (): void => reader.close();
    reader.on('line', (line) => {
      // What was pasted comes as further lines before the event loop turns.
      if (lines.length === 0) setImmediate(close);
      lines.push(line);
    });
    reader.once('SIGINT', close);
    reader.once('close', () => {
      // Without Enter the line is still open.
      if (lines.length === 0 || reader.line !== '') output.write('\n');
      if (lines.length === 0) return resolve({ kind: 'leave' });
      const text = [...lines, reader.line].join('\n').trimEnd();
      if (text !== '') history.unshift(...lines.filter((line) => line.trim() !== '').reverse());
      resolve({ kind: 'message', text });
    });
    reader.prompt();
  });
}
