import { parseMarkdown } from '../../markdown/parse-markdown.ts';
import { type Run, visible } from './run.ts';
import { RunWriter } from './run-writer.ts';
import { writeBlocks } from './write-blocks.ts';

/** Markdown as a text with styles, of any length. */
export function formatMarkdown(markdown: string): readonly Run[] {
  const writer = new RunWriter();
  writeBlocks(parseMarkdown(markdown), writer);
  return writer.runs;
}

/** A text that is shown as it stands. */
export const formatPlain = (text: string): readonly Run[] => [{ text: visible(text), styles: [] }];
