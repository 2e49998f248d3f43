/** Runs the tasks of one key one after another, in the order they came; those of different keys side by side. */
export class OneAfterAnother {
  readonly #last = new Map<string, Promise<void>>();

  /** Keys with a task that has not ended. */
  get keys(): readonly string[] {
    return [...this.#last.keys()];
  }

  has(key: string): boolean {
    return this.#last.has(key);
  }

  /** The task's result; one that fails does not hold up the next. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const result = before.then(task);
    const ended = result.then(
      () => {},
      () => {},
    );
    this.#last.set(key, ended);
    try {
      return await result;
    } finally {
      if (this.#last.get(key) === ended) this.#last.delete(key);
    }
  }
}
