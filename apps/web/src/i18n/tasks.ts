import { tasksEn } from './tasks.en.ts';
import { tasksZh } from './tasks.zh.ts';
import { dictionary } from './words.ts';

export const taskWords = dictionary(tasksEn, tasksZh);
