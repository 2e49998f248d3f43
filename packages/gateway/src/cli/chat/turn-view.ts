import type { TurnEvent } from '@mini-claude-bot/contract';
import { fitLine } from './fit-line.ts';
import { PrintableText, printableLine } from './printable-text.ts';
import type { Surface } from './surface.ts';

/** How a turn ended, as far as its events said. `silent`: nothing came that a gateway sends. */
export type TurnEnd = 'answered' | 'stopped' | 'failed' | 'silent';

/** Where and how a turn is shown. */
export interface TurnViewOptions {
  /** For the reply. May be the same as `aside`. */
  readonly reply: Surface;
  /** For everything else. */
  readonly aside: Surface;
  readonly showThinking: boolean;
  /** Write text as it comes; else the reply is written once it is complete. */
  readonly live: boolean;
}

/** Shows one turn's events to a person. */
export class TurnView {
  readonly #options: TurnViewOptions;
  #text = '';
  #writing: 'nothing' | 'text' | 'thinking' = 'nothing';
  #printable = new PrintableText();
  #end: TurnEnd = 'silent';

  constructor(options: TurnViewOptions) {
    this.#options = options;
  }

  show(event: TurnEvent): void {
    // A reply too long for one `done` ends without it: then what was joined is the answer.
    if (this.#end === 'silent') this.#end = 'answered';
    switch (event.type) {
      case 'turn':
      case 'started':
        break;
      case 'queued':
      case 'notice':
        this.tell(event.content);
        break;
      case 'tool':
        this.tell(`${event.name}: ${event.content}`, '⚙');
        break;
      case 'thinking':
        this.#showThinking(event.content);
        break;
      case 'text':
        this.#showText(event.content);
        break;
      case 'restart':
        this.#startOver(event.content);
        break;
      case 'done':
        this.#finish(event);
        break;
      case 'error':
        this.#end = 'failed';
        this.#complain(event.content);
        break;
    }
  }

  /** A key was pressed, and the terminal has shown it. */
  disturb(): void {
    this.#options.aside.disturb();
  }

  /** Say something beside the reply, in one line. */
  tell(words: string, mark = '·'): void {
    const { aside } = this.#options;
    this.#writing = 'nothing';
    const line = printableLine(`${mark} ${words}`);
    aside.line(aside.isTerminal ? fitLine(line, aside.columns) : line, 'dim');
  }

  /** To be called when no more events come. @returns how the turn ended */
  close(): TurnEnd {
    const { reply, aside, live } = this.#options;
    if (!live && this.#text !== '' && this.#end !== 'failed') {
      reply.write(new PrintableText().clean(this.#text));
    }
    reply.breakLine();
    aside.breakLine();
    return this.#end;
  }

  #showThinking(text: string): void {
    const { aside, showThinking } = this.#options;
    if (!showThinking) return;
    this.#begin('thinking', aside);
    aside.write(this.#printable.clean(text), 'dim');
  }

  #showText(text: string): void {
    const { reply, live } = this.#options;
    this.#text += text;
    if (!live) return;
    // Between two blocks of a reply stand empty lines, which a new line here already is.
    const wanted = this.#writing === 'text' ? text : text.replace(/^\n+/, '');
    if (wanted === '') return;
    this.#begin('text', reply);
    reply.write(this.#printable.clean(wanted));
  }

  #begin(what: 'text' | 'thinking', surface: Surface): void {
    if (this.#writing === what) return;
    if (this.#writing !== 'nothing') surface.breakLine();
    this.#writing = what;
    this.#printable = new PrintableText();
  }

  #startOver(reason: string): void {
    this.#text = '';
    this.tell(`Starting over, forget the above: ${reason}`, '↺');
  }

  #finish({ content, error, stopped }: Extract<TurnEvent, { type: 'done' }>): void {
    if (error !== undefined) {
      this.#end = 'failed';
      // What Claude said before it failed stands above already, where it was written as it came.
      const seen = this.#options.live && this.#text !== '';
      this.#complain(seen ? (content.split('\n\n')[0] ?? '') : content);
    } else if (stopped === true) {
      this.#end = 'stopped';
      this.tell('Stopped.');
    } else {
      this.#end = 'answered';
      // The answer of a turn that was over already comes without deltas.
      if (this.#text === '') this.#showText(content);
      else this.#text = content;
    }
  }

  #complain(words: string): void {
    this.#writing = 'nothing';
    this.#options.aside.line(new PrintableText().clean(words), 'red');
  }
}
