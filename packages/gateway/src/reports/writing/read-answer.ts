import { z } from 'zod';
import { type WrittenSection, writtenReport, writtenSection } from '../content.ts';
import type { ReportDefinition, SectionDefinition } from '../definitions/definition.ts';
import { hasLinks, withoutTextLinks } from './text-links.ts';

/** A section of an answer: as it was written, or what is wrong with it, in words for Claude. */
export type ReadSection =
  | { readonly kind: 'written'; readonly section: WrittenSection }
  | { readonly kind: 'unusable'; readonly why: string };

/** An answer of Claude's, each part by itself: one that can't be used takes no other with it. */
export interface ReadAnswer {
  readonly headline: string | undefined;
  readonly summary: readonly string[];
  readonly note: string | undefined;
  /** By id: each that was asked for. */
  readonly sections: ReadonlyMap<string, ReadSection>;
}

const parts = writtenReport.shape;
const Lenient = z.object({
  headline: parts.headline.optional().catch(undefined),
  summary: parts.summary.catch([]),
  note: parts.note.catch(undefined),
  sections: z.array(z.unknown()).catch([]),
});
const WithId = z.object({ id: z.string() });

/** @param asked the sections that were asked for */
export function readAnswer(
  answer: unknown,
  definition: ReportDefinition,
  asked: readonly string[],
): ReadAnswer {
  const parsed = Lenient.safeParse(answer);
  if (!parsed.success) return nothing(asked, 'no report came');
  const written = new Map<string, unknown>();
  for (const section of parsed.data.sections) {
    const named = WithId.safeParse(section);
    // The first of two counts.
    if (named.success && !written.has(named.data.id)) written.set(named.data.id, section);
  }
  const wanted = definition.sections.filter(({ id }) => asked.includes(id));
  const { headline, summary, note } = parsed.data;
  return {
    headline,
    summary,
    // It has no links below it.
    note: note !== undefined && hasLinks(note) ? undefined : note,
    sections: new Map(wanted.map((each) => [each.id, readSection(written.get(each.id), each)])),
  };
}

export const nothing = (asked: readonly string[], why: string): ReadAnswer => ({
  headline: undefined,
  summary: [],
  note: undefined,
  sections: new Map(asked.map((id) => [id, { kind: 'unusable', why }])),
});

function readSection(given: unknown, wanted: SectionDefinition): ReadSection {
  if (given === undefined) return { kind: 'unusable', why: 'it is missing' };
  const parsed = writtenSection.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    return { kind: 'unusable', why: faults.slice(0, 10).join('; ') };
  }
  const items = parsed.data.items.map(withoutTextLinks);
  const section = { ...parsed.data, items: items.filter((item) => item !== undefined) };
  const why = items.includes(undefined)
    ? 'there are links in a text that belong among its links'
    : lackOf(section, wanted);
  return why === undefined ? { kind: 'written', section } : { kind: 'unusable', why };
}

/** What it should have and has not. */
function lackOf(section: WrittenSection, { form, links }: SectionDefinition): string | undefined {
  if (form === 'quotation' && section.quotation === undefined) return 'it has no quotation';
  if (form === 'table' && (section.table?.rows.length ?? 0) === 0) return 'it has no table';
  if (form === 'items' && section.items.length === 0) return 'it has no items';
  const hasLink = section.items.some((item) => item.links.length > 0);
  const saysWhere = hasLink || (form === 'table' && section.table?.note !== undefined);
  return links === 'needed' && !saysWhere ? 'nothing in it says where it was read' : undefined;
}
