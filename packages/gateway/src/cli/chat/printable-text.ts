type State = 'text' | 'escape' | 'sequence' | 'string';

/** Openers of sequences as one character (C1) or as the one that follows ESC (ECMA-48, 5.4 and 5.6). */
const sequenceOpeners = new Set(['\u009b', '[']);
const stringOpeners = new Set([
  '\u0090',
  '\u0098',
  '\u009d',
  '\u009e',
  '\u009f',
  'P',
  'X',
  ']',
  '^',
  '_',
]);
const stringEnds = new Set(['\u0007', '\u009c']);

const isControl = (character: string): boolean => {
  const code = character.charCodeAt(0);
  return code < 0x20 || (code >= 0x7f && code <= 0x9f);
};

/**
 * Takes out of a text what would make a terminal do something else than show it: escape sequences and
 * control characters, all but newline and tab. Text may come in pieces, cut anywhere.
 */
export class PrintableText {
  #state: State = 'text';

  /** What may be shown of the next piece. */
  clean(piece: string): string {
    let shown = '';
    for (const character of piece) if (this.#passes(character)) shown += character;
    return shown;
  }

  #passes(character: string): boolean {
    const printable = character === '\n' || character === '\t' || !isControl(character);
    switch (this.#state) {
      case 'text':
        if (!printable) this.#state = afterControl(character);
        return printable;
      case 'escape':
        this.#state = afterEscape(character);
        return character === '\n';
      case 'sequence':
        if (character >= '@' || character === '\n') this.#state = 'text';
        return character === '\n';
      case 'string':
        // One that never ends must not swallow the rest of a reply.
        if (character === '\n' || stringEnds.has(character)) this.#state = 'text';
        else if (character === '\u001b') this.#state = 'escape';
        return character === '\n';
    }
  }
}

function afterControl(character: string): State {
  if (character === '\u001b') return 'escape';
  if (sequenceOpeners.has(character)) return 'sequence';
  return stringOpeners.has(character) ? 'string' : 'text';
}

function afterEscape(character: string): State {
  if (character === '\u001b') return 'escape';
  if (sequenceOpeners.has(character)) return 'sequence';
  if (stringOpeners.has(character)) return 'string';
  // ESC, intermediate characters, one final: the intermediates are those before "0".
  return character >= ' ' && character < '0' ? 'escape' : 'text';
}

/** A whole text as one line that may be shown. */
export const printableLine = (text: string): string =>
  new PrintableText().clean(text.replace(/\s+/g, ' ')).trim();
