import type { ReportLanguage } from '../content.ts';

/** Stands in the place of a section that could not be had. */
export const missingWords: Readonly<Record<ReportLanguage, string>> = {
  en: 'This section could not be written today: nothing came that could be checked, and nothing was made up.',
  zh: '这一部分今天没有写成：没有得到可以核实的内容，也没有编造。',
};
