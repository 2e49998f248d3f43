import { memoryEn } from './memory.en.ts';
import { memoryZh } from './memory.zh.ts';
import { dictionary } from './words.ts';

export const memoryWords = dictionary(memoryEn, memoryZh);
