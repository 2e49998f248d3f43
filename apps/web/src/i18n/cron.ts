import { cronEn } from './cron.en.ts';
import { cronZh } from './cron.zh.ts';
import { dictionary } from './words.ts';

export const cronWords = dictionary(cronEn, cronZh);
