import { longestExcerpt } from '@mini-claude-bot/contract';
import { Markdown } from '../markdown/markdown.tsx';

/**
 * A text while it grows. What comes behind a very long beginning is shown as it is until the answer is there: to read
 * all of it as Markdown again for every few words would hold the page up.
 */
export function GrowingText({ text }: { text: string }) {
  const rest = text.slice(longestExcerpt);
  return (
    <>
      <Markdown text={text.slice(0, longestExcerpt)} />
      {rest !== '' && (
        <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
          {rest}
        </p>
      )}
    </>
  );
}
