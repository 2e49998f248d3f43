/** What a cell holds as a text; undefined: nothing that is one. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (!(value instanceof Uint8Array)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(value);
  } catch {
    return undefined;
  }
}

/** What a cell holds as a whole number that JavaScript has exactly. */
export function asWhole(value: unknown): number | undefined {
  const text = asText(value)?.trim();
  if (text === undefined || !/^-?\d{1,16}(\.0+)?$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}

export function asReal(value: unknown): number | undefined {
  const text = asText(value)?.trim();
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}
