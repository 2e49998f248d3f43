import type { ReportContent, ReportLink } from './content.ts';

/** A source, by the number that it has everywhere in the report. */
export interface NumberedSource {
  readonly number: number;
  readonly link: ReportLink;
  /** `example.org`, without `www.`. */
  readonly host: string;
}

/** The sources of a report in the order in which they come up, each once. */
export function sourcesOf({ sections }: ReportContent): NumberedSource[] {
  const known = new Map<string, ReportLink>();
  for (const { items } of sections)
    for (const { links } of items)
      for (const link of links) if (!known.has(link.url)) known.set(link.url, link);
  return [...known.values()].map((link, n) => ({ number: n + 1, link, host: hostOf(link.url) }));
}

const hostOf = (url: string): string =>
  URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : url;

/** The numbers of an item's links, each once. */
export const numbersOf = (
  links: readonly ReportLink[],
  sources: readonly NumberedSource[],
): NumberedSource[] =>
  sources.filter(({ link: { url } }) => links.some((link) => link.url === url));
