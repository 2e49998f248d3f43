/** A language that the gateway itself speaks. */
export type Language = 'en' | 'zh';

/** The language of a text, as far as the gateway speaks it: Chinese where it has Chinese characters. */
export const languageOf = (text: string): Language =>
  /\p{Script=Han}/u.test(text) && !/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)
    ? 'zh'
    : 'en';

/** Which language to speak about a text. @param configured GATEWAY_LANGUAGE */
export const languageFor = (configured: Language | 'auto', text: string): Language =>
  configured === 'auto' ? languageOf(text) : configured;
