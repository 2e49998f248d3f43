/** The characters that a font has, as fontconfig lists them: `20-7e a0 4e00-9fff`, in hexadecimal digits. */
export class Charset {
  readonly #from: readonly number[];
  readonly #to: readonly number[];

  constructor(listed: string) {
    const ranges = listed
      .split(' ')
      .filter((part) => part !== '')
      .map((part) => part.split('-').map((digits) => Number.parseInt(digits, 16)));
    this.#from = ranges.map(([from = 0]) => from);
    this.#to = ranges.map(([from = 0, to = from]) => to);
  }

  has(character: number): boolean {
    let [low, high] = [0, this.#from.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      if ((this.#from[middle] ?? 0) > character) high = middle - 1;
      else if ((this.#to[middle] ?? 0) < character) low = middle + 1;
      else return true;
    }
    return false;
  }
}
