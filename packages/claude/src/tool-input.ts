const longest = 200;

/** The fields that say most about a call, for tools that people know; the most telling first. */
const tellingFields = ['command', 'file_path', 'pattern', 'query', 'url', 'description', 'prompt'];

/** A tool call's input in one short line of well-formed text, for people to see what is going on. */
export function toolInputInShort(input: unknown): string {
  const line = (tellingField(input) ?? JSON.stringify(input) ?? '').replace(/\s+/g, ' ').trim();
  // Characters of two code units each may make it twice as long; one more is cut off anyway.
  const characters = [...line.slice(0, 2 * longest + 2)];
  const short =
    characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : line;
  return short.replace(/\p{Surrogate}/gu, '\uFFFD');
}

function tellingField(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const values = new Map<string, unknown>(Object.entries(input));
  for (const name of tellingFields) {
    const value = values.get(name);
    if (typeof value === 'string' && value.trim() !== '') return value;
  }
  return undefined;
}
