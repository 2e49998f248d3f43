import type { ReportContent, ReportItem, ReportSection, WrittenSection } from '../content.ts';
import type { ReportDefinition } from '../definitions/definition.ts';
import type { LinkVerdict } from '../links/check-links.ts';
import { missingWords } from './missing-words.ts';
import type { ReadAnswer } from './read-answer.ts';

/** A report as it was written, all answers together; sections that could not be had are not in it. */
export interface Draft {
  readonly headline: string | undefined;
  readonly summary: readonly string[];
  readonly note: string | undefined;
  readonly sections: ReadonlyMap<string, WrittenSection>;
}

/** Of the same section the last answer that could be used counts, of all else the first. */
export function draftOf(answers: readonly ReadAnswer[]): Draft {
  const sections = new Map<string, WrittenSection>();
  for (const answer of answers)
    for (const [id, read] of answer.sections)
      if (read.kind === 'written') sections.set(id, read.section);
  return {
    headline: answers.find(({ headline }) => headline !== undefined)?.headline,
    summary: answers.find(({ summary }) => summary.length > 0)?.summary ?? [],
    note: answers.find(({ note }) => note !== undefined)?.note,
    sections,
  };
}

/** Which report it is. */
export interface ReportHead {
  readonly name: string;
  readonly definition: ReportDefinition;
  readonly day: string;
  /** Unix milliseconds. */
  readonly writtenAt: number;
}

/** The report as it is kept, with links as they were before anybody looked at them. */
export function contentOf(
  { name, definition, day, writtenAt }: ReportHead,
  draft: Draft,
): ReportContent {
  const { language, title, zone } = definition;
  const missing = missingWords[language];
  const sections = definition.sections.map(({ id, title: heading }): ReportSection => {
    const written = draft.sections.get(id);
    if (written === undefined) return { id, title: heading, items: [], missing };
    const items = written.items.map((item) => ({
      ...item,
      links: item.links.map((link) => ({ ...link, state: 'unchecked' as const })),
    }));
    return { ...written, title: heading, items };
  });
  return {
    name,
    language,
    title,
    date: day,
    timeZone: zone,
    writtenAt,
    ...(draft.headline === undefined ? {} : { headline: draft.headline }),
    summary: [...draft.summary],
    sections,
    ...(definition.note === undefined || draft.note === undefined ? {} : { note: draft.note }),
  };
}

/** All addresses of a report. */
export const addressesIn = ({ sections }: ReportContent): string[] =>
  sections.flatMap(({ items }) => items.flatMap(({ links }) => links.map(({ url }) => url)));

/** The same report with what is known of its links. */
export function withVerdicts(
  content: ReportContent,
  verdicts: ReadonlyMap<string, LinkVerdict>,
): ReportContent {
  const judged = (item: ReportItem): ReportItem => ({
    ...item,
    links: item.links.flatMap((link) => {
      const state = verdicts.get(link.url) ?? 'unchecked';
      return state === 'dropped' ? [] : [{ ...link, state }];
    }),
  });
  return {
    ...content,
    sections: content.sections.map((section) => ({ ...section, items: section.items.map(judged) })),
  };
}
