import { systemEn } from './system.en.ts';
import { systemZh } from './system.zh.ts';
import { dictionary } from './words.ts';

export const systemWords = dictionary(systemEn, systemZh);
