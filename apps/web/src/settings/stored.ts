import type { z } from 'zod';

/** Keep something in this browser. One that keeps nothing goes without. */
export function store(key: string, value: unknown): void {
  try {
    localStorage.setItem(`mcb.${key}`, typeof value === 'string' ? value : JSON.stringify(value));
  } catch {
    // Full, or switched off: the page works the same until it is closed.
  }
}

/** What was kept, if it still is what it should be. */
export function stored<T>(key: string, schema: z.ZodType<T>): T | undefined {
  try {
    const text = localStorage.getItem(`mcb.${key}`);
    return text === null ? undefined : schema.safeParse(parsed(text)).data;
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
