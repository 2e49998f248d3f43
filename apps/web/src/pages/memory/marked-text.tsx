/** More marks than this tell nobody anything. */
const mostWords = 20;

/** A text in which the words that were looked for are marked. */
export function MarkedText({ text, wanted }: { text: string; wanted: string }) {
  const words = wanted
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, mostWords);
  if (words.length === 0) return text;
  const pattern = words
    .toSorted((a, b) => b.length - a.length)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('|');
  // What stands between two parts is what was found.
  return text.split(new RegExp(`(${pattern})`, 'giu')).map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts stand in one order
      <mark key={index} className="rounded-sm bg-mark px-0.5 text-ink">
        {part}
      </mark>
    ) : (
      part
    ),
  );
}
