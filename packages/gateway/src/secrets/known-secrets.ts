/** Shorter ones would be found in ordinary words. */
const shortest = 8;

/** What stands in the place of a secret. */
export const hidden = '[hidden]';

/**
 * The secrets that this process knows, to be kept out of whatever leaves it: logs, errors, answers. It is
 * the last of several precautions, and catches what is written as it is, in JSON or in an address: a
 * value that somebody has encoded otherwise, or taken apart, passes.
 */
export class KnownSecrets {
  /** Each way to write one, the longest first: one secret may be a part of another. */
  #forms: readonly string[] = [];
  /** What they begin with. */
  #firsts: ReadonlySet<string> = new Set();

  constructor(values: Iterable<string> = []) {
    for (const value of values) this.add(value);
  }

  /** From now on this is a secret. One of less than 8 characters is not looked for. */
  add(value: string): void {
    const secret = value.trim();
    if (secret.length < shortest || this.#forms.includes(secret)) return;
    const forms = new Set([...this.#forms, ...formsOf(secret)]);
    this.#forms = [...forms].toSorted((a, b) => b.length - a.length);
    this.#firsts = new Set(this.#forms.map((form) => form.charAt(0)));
  }

  occurIn(text: string): boolean {
    return this.#forms.some((form) => text.includes(form));
  }

  hide(text: string): string {
    if (!this.occurIn(text)) return text;
    return this.#forms.reduce((rest, form) => rest.replaceAll(form, hidden), text);
  }

  /** Where the first secret begins that lies across that place in a text; the place itself where none does. */
  startAcross(text: string, place: number): number {
    const starts = this.#forms.map((form) => {
      const start = text.indexOf(form, Math.max(0, place - form.length + 1));
      return start < 0 || start > place ? place : start;
    });
    return Math.min(place, ...starts);
  }

  /** How many characters at the end of a text are the beginning of a secret. */
  begunAtEndOf(text: string): number {
    const longest = this.#forms[0]?.length ?? 1;
    // Asked for every piece of every answer: most places in it begin nothing.
    for (let start = Math.max(0, text.length - longest + 1); start < text.length; start += 1) {
      if (!this.#firsts.has(text.charAt(start))) continue;
      const end = text.slice(start);
      if (this.#forms.some((form) => form.length > end.length && form.startsWith(end)))
        return end.length;
    }
    return 0;
  }

  /** The same for the values in a JSON text; it stays one. */
  hideInJson(json: string): string {
    if (!this.occurIn(json)) return json;
    return JSON.stringify(JSON.parse(json), (_name, value: unknown) =>
      typeof value === 'string' ? this.hide(value) : value,
    );
  }
}

/** As it is, in JSON, in JSON within JSON, in an address. */
function formsOf(secret: string): string[] {
  const escaped = inJson(secret);
  return [secret, escaped, inJson(escaped), percentEncoded(secret)];
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A lone surrogate can't stand in an address. */
const percentEncoded = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
