import { overviewEn } from './overview.en.ts';
import { overviewZh } from './overview.zh.ts';
import { dictionary } from './words.ts';

export const overviewWords = dictionary(overviewEn, overviewZh);
