import { chatsEn } from './chats.en.ts';
import { chatsZh } from './chats.zh.ts';
import { dictionary } from './words.ts';

export const chatWords = dictionary(chatsEn, chatsZh);
