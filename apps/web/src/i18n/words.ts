/** The form of a dictionary, with any words in it: what a translation must have, no more and no less. */
export type Translated<T> = {
  readonly [K in keyof T]: T[K] extends (...args: infer A) => string
    ? (...args: A) => string
    : T[K] extends string
      ? string
      : T[K] extends readonly string[]
        ? readonly string[]
        : Translated<T[K]>;
};

/** The words of one part of the page, in every language. English is the one that says which there are. */
export interface Dictionary<T> {
  readonly en: T;
  readonly zh: Translated<T>;
}

export const dictionary = <const T>(en: T, zh: Translated<T>): Dictionary<T> => ({ en, zh });
