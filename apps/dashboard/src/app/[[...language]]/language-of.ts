import { headers } from 'next/headers';
import { type Language, languages, preferredLanguage } from '../../words/words.ts';

export type LanguageParams = Promise<{ language?: string[] }>;

/** By the address, else what the browser would like; undefined: there is no such page. */
export async function languageOf(params: LanguageParams): Promise<Language | undefined> {
  const { language = [] } = await params;
  if (language.length === 0) return preferredLanguage((await headers()).get('accept-language'));
  return language.length > 1 ? undefined : languages.find((one) => one === language[0]);
}
