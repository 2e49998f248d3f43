import type { searchEn } from './search.en.ts';
import type { Translated } from './words.ts';

export const searchZh: Translated<typeof searchEn> = {
  title: '搜索全部',
  placeholder: '输入词语，或者大致的意思……',
  chats: '会话',
  memory: '记忆',
  bot: '机器人',
  anyBot: '所有机器人',
  role: '作者',
  anyRole: '不限',
  roles: { user: '用户', assistant: 'Claude' },
  since: '时间',
  any: '不限时间',
  periods: { day: '最近一天', week: '最近一周', month: '最近一月', year: '最近一年' },
  begin: '输入内容，搜索所有说过的话、记忆以及会话名称。',
  nothing: (words: string) => `没有找到“${words}”。`,
  nothingHint: '试试更少或不同的词语，或者去掉筛选条件。',
  more: '更多',
  byWords: '按词语',
  byMeaning: '按词语和含义',
  keys: '↑ ↓ 选择 · Enter 打开 · Esc 关闭',
  found: (n: number) => `${n} 条结果`,
};
