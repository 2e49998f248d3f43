import { searchEn } from './search.en.ts';
import { searchZh } from './search.zh.ts';
import { dictionary } from './words.ts';

export const searchWords = dictionary(searchEn, searchZh);
