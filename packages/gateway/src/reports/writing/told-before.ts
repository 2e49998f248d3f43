import type { ReportContent, ReportSection } from '../content.ts';

/** More of it would cost more than the repetition that it avoids. In characters. */
const longest = 20_000;

/**
 * What earlier reports said, in short: a line for each section of each.
 * @param reports newest first
 */
export function toldBefore(reports: readonly ReportContent[]): string[] {
  const lines: string[] = [];
  let left = longest;
  for (const { date, sections } of reports)
    for (const section of sections) {
      const told = inShort(section);
      if (told === '') continue;
      const line = `${date} ${section.id}: ${told}`;
      left -= line.length;
      if (left < 0) return lines;
      lines.push(line);
    }
  return lines;
}

const inShort = ({ quotation, items }: ReportSection): string =>
  [
    ...(quotation === undefined ? [] : [`${quotation.author}: ${cut(quotation.text, 120)}`]),
    ...items.map(({ title, text }) => title ?? cut(text, 80)),
  ]
    .map((part) => part.replaceAll(/\s+/g, ' '))
    .join(' | ');

const cut = (text: string, most: number): string => {
  const letters = [...text.replaceAll(/\s+/g, ' ')];
  return letters.length <= most ? letters.join('') : `${letters.slice(0, most).join('')}…`;
};
