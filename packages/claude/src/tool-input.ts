const longest = 200;

/** The field that says most about a call, for tools that people know. */
const tellingFields = ['command', 'file_path', 'pattern', 'query', 'url', 'description', 'prompt'];

/** A tool call's input in one short line, for people to see what is going on. */
export function toolInputInShort(input: unknown): string {
  const line = (tellingField(input) ?? JSON.stringify(input) ?? '').replace(/\s+/g, ' ').trim();
  const characters = [...line.slice(0, longest + 1)];
  return characters.length > longest
    ? `${characters.slice(0, longest - 1).join('')}…`
    : line.slice(0, longest);
}

function tellingField(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  for (const [name, value] of Object.entries(input)) {
    if (tellingFields.includes(name) && typeof value === 'string') return value;
  }
  return undefined;
}
