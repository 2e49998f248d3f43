import { z } from 'zod';

/*
 * What a report consists of, in two forms: as Claude is asked for it (`written…`), and as it is kept, set and
 * mailed (`report…`), with the state of its links and an honest line where a section could not be had.
 *
 * `text` is Markdown: paragraphs, emphasis, lists, tables, quotes, code, links. Everything else is plain text of
 * one line. Nothing here is LaTeX or HTML; whatever stands in it is shown as it stands.
 */

/** A report is read at breakfast. What is much longer than that is a mistake. */
const longestText = 20_000;
const line = (most: number) => z.string().trim().min(1).max(most);

const markdown = z.string().trim().min(1).max(longestText);

const writtenLink = z.strictObject({
  title: line(300).describe('What the page is: its title, or who published it'),
  url: z
    .url({ protocol: /^https$/ })
    .max(2000)
    .describe('https address of the page that says so, as it was opened'),
});

const writtenItem = z.strictObject({
  title: line(300).optional().describe('Headline of one line, without Markdown'),
  text: markdown.describe(
    'Markdown: paragraphs, emphasis, lists, tables, code. No headings, no HTML.',
  ),
  links: z.array(writtenLink).max(12).describe('Where what the text says was read'),
});

const quotation = z.strictObject({
  text: line(2000).describe('Its words, without quotation marks around them'),
  author: line(200),
  source: line(300).optional().describe('The book, speech or letter that it stands in'),
  note: line(1000).optional().describe('A translation, or why today'),
});

/** A table of few columns: the watch list. */
const table = z
  .strictObject({
    columns: z
      .array(
        z.strictObject({
          title: line(60),
          align: z.enum(['left', 'right']).describe('`right` for numbers'),
        }),
      )
      .min(2)
      .max(8),
    rows: z
      .array(z.array(z.string().trim().max(300)))
      .max(60)
      .describe(
        'Each with a cell for every column, in their order; plain text, `+1.2%` and `-0.4%` for changes',
      ),
    /** When the figures were so. */
    note: line(500).optional().describe('When and where the figures were read'),
  })
  .refine(({ columns, rows }) => rows.every((row) => row.length === columns.length), {
    message: 'each row needs one cell for every column',
    path: ['rows'],
  });

const sectionId = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);

/** A section as Claude writes it. One with nothing in it is not written, but missing. */
export const writtenSection = z
  .strictObject({
    id: sectionId.describe('The id that the section was asked for with'),
    quotation: quotation.optional(),
    table: table.optional(),
    items: z.array(writtenItem).max(30),
  })
  .refine(({ quotation, table, items }) => quotation ?? table ?? items[0], {
    message: 'a section needs an item, a quotation or a table',
    path: ['items'],
  });

/** A report as Claude writes it. Its title, date and the sections' titles come from its definition. */
export const writtenReport = z.strictObject({
  headline: line(200).describe('What the day is about, in one line without Markdown'),
  summary: z
    .array(line(300))
    .max(6)
    .describe('What to know if nothing else is read: up to six lines without Markdown'),
  sections: z.array(writtenSection).max(30),
  /** The personal note, for reports that want one. */
  note: markdown.optional().describe('A personal note to the reader, Markdown'),
});

/** `unchecked`: there was no way to look. A dead one is shown as such, and leads nowhere. */
const linkState = z.enum(['checked', 'dead', 'unchecked']);
const reportLink = writtenLink.extend({ state: linkState });
const reportItem = writtenItem.extend({ links: z.array(reportLink) });

/** A section as it is kept. Where it could not be had it has `missing`, and nothing else is in it. */
export const reportSection = z.strictObject({
  id: sectionId,
  title: line(120),
  quotation: quotation.optional(),
  table: table.optional(),
  items: z.array(reportItem),
  /** An honest line in the report's language: that it could not be had today, and why. */
  missing: line(500).optional(),
});

/** The languages that the fixed words of a report exist in. */
export const reportLanguage = z.enum(['zh', 'en']);

/** A report as it is kept, set and mailed. */
export const reportContent = z.strictObject({
  /** Name of its definition: `reports/<name>.yaml`. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  language: reportLanguage,
  title: line(120),
  /** The day that it is for, in its own time zone: `2026-03-01`. */
  date: z.iso.date(),
  /** IANA name: `Asia/Shanghai`. */
  timeZone: line(60),
  /** When it was written, Unix milliseconds. */
  writtenAt: z.int().nonnegative(),
  headline: line(200).optional(),
  summary: z.array(line(300)),
  sections: z.array(reportSection).min(1),
  note: markdown.optional(),
});

export type WrittenSection = z.infer<typeof writtenSection>;
export type WrittenReport = z.infer<typeof writtenReport>;
export type ReportLink = z.infer<typeof reportLink>;
export type ReportItem = z.infer<typeof reportItem>;
export type ReportQuotation = z.infer<typeof quotation>;
export type ReportTable = z.infer<typeof table>;
export type ReportSection = z.infer<typeof reportSection>;
export type ReportLanguage = z.infer<typeof reportLanguage>;
export type ReportContent = z.infer<typeof reportContent>;
