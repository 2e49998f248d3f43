import { chinese } from './chinese.ts';
import { english } from './english.ts';

export const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** All that the page says. */
export type Words = typeof english;

export const wordsIn = (language: Language): Words => (language === 'zh' ? chinese : english);

/** Of those that a browser would like, in its order of preference, the first that there is. */
export function preferredLanguage(acceptLanguage: string | null): Language {
  const wishes = (acceptLanguage ?? '').split(',').map((wish) => {
    const [tag = '', ...parameters] = wish.trim().toLowerCase().split(';');
    const quality = parameters.map((one) => /^\s*q=([\d.]+)$/.exec(one)?.[1]).find(Boolean);
    return { tag: tag.split('-')[0], weight: quality === undefined ? 1 : Number(quality) };
  });
  const liked = wishes.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight);
  for (const { tag } of liked) {
    const found = languages.find((language) => language === tag);
    if (found !== undefined) return found;
  }
  return 'en';
}
