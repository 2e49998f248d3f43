import { commonEn } from './common.en.ts';
import { commonZh } from './common.zh.ts';
import { dictionary } from './words.ts';

export const common = dictionary(commonEn, commonZh);
