import type { Snippet } from '@mini-claude-bot/contract';

/** A piece of a message, with what was looked for marked. */
export function SnippetText({
  snippet: { text, marks, cut_before, cut_after },
}: {
  snippet: Snippet;
}) {
  const parts: { readonly text: string; readonly isMark: boolean }[] = [];
  let at = 0;
  for (const { start, end } of marks) {
    parts.push({ text: text.slice(at, start), isMark: false });
    parts.push({ text: text.slice(start, end), isMark: true });
    at = end;
  }
  parts.push({ text: text.slice(at), isMark: false });
  return (
    <span dir="auto" className="line-clamp-3 [overflow-wrap:anywhere]">
      {cut_before && '… '}
      {parts.map(({ text: part, isMark }, index) =>
        isMark ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a snippet never changes
          <mark key={index} className="rounded-sm bg-mark px-0.5 text-ink">
            {part}
          </mark>
        ) : (
          part
        ),
      )}
      {cut_after && ' …'}
    </span>
  );
}
