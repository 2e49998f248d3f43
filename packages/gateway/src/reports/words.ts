import type { ReportContent, ReportLanguage, ReportQuotation } from './content.ts';

/** The fixed words of a report. */
export interface ReportWords {
  readonly inBrief: string;
  readonly contents: string;
  readonly note: string;
  readonly sources: string;
  /** Behind a link that did not answer. */
  readonly dead: string;
  /** Behind a link that nobody could look at. */
  readonly unchecked: string;
  readonly from: string;
  readonly colophon: string;
}

const words: Record<ReportLanguage, ReportWords> = {
  en: {
    inBrief: 'In brief',
    contents: 'Contents',
    note: 'A personal note',
    sources: 'Sources',
    dead: 'did not answer',
    unchecked: 'not checked',
    from: 'Source',
    colophon:
      'Researched and written by Claude. Sources that did not answer are marked. Figures may have changed since.',
  },
  zh: {
    inBrief: '今日要点',
    contents: '目录',
    note: '写给你的话',
    sources: '资料来源',
    dead: '打不开',
    unchecked: '未核对',
    from: '来源',
    colophon: '本报告由 Claude 检索资料并撰写。打不开的来源已注明；行情数据此后可能已有变化。',
  },
};

export const wordsOf = (language: ReportLanguage): ReportWords => words[language];

const locales: Record<ReportLanguage, string> = { en: 'en-US', zh: 'zh-CN' };

/** The language as mail and PDF name it. */
export const localeOf = (language: ReportLanguage): string => locales[language];

/** The day that a report is for, in words: `Friday, November 27, 2026`, `2026年11月27日星期五`. */
export const datelineOf = ({ date, language }: Pick<ReportContent, 'date' | 'language'>): string =>
  new Intl.DateTimeFormat(locales[language], { dateStyle: 'full', timeZone: 'UTC' }).format(
    new Date(`${date}T00:00:00Z`),
  );

/** Whose words a quotation's are, on a line of its own. */
export const attributionOf = (
  { author, source }: ReportQuotation,
  language: ReportLanguage,
): string => {
  if (language === 'zh') return `——${author}${source ?? ''}`;
  return `— ${author}${source === undefined ? '' : `, ${source}`}`;
};

/** Whether a cell of figures tells of a rise or a fall: `+1.2%`, `−3`, `▲0.4`. */
export function changeOf(cell: string): 'up' | 'down' | undefined {
  const mark = /^\s*([+＋▲]|[-−–▼])\s*[\d.]/.exec(cell)?.[1];
  if (mark === undefined) return undefined;
  return /[+＋▲]/.test(mark) ? 'up' : 'down';
}
