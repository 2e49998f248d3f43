import type { Language } from '../host/language.ts';
import type { MessageNews, TaskNews } from './news-repo.ts';

/** What came in a chat. */
export interface ChatBriefing {
  /** The chat that asks. */
  readonly own: boolean;
  readonly chatId: string;
  readonly count: number;
  readonly people: number;
  readonly failed: number;
  /** Seconds ago. */
  readonly lastAgo: number;
  /** All of them where they are few; else none. */
  readonly messages: readonly MessageNews[];
}

/** What came while the owner was away. */
export interface AwayNews {
  readonly language: Language;
  /** Unix seconds. */
  readonly now: number;
  /** Seconds. */
  readonly awayFor: number;
  readonly chats: readonly ChatBriefing[];
  readonly tasks: readonly TaskNews[];
  readonly tasksAtWork: number;
  /** How many tasks of the chat's harness were done, then and now. */
  readonly harness:
    | { readonly before: number; readonly done: number; readonly total: number }
    | undefined;
}

/** Messages of a chat that are told one by one; more are counted. */
export const mostTold = 3;

/** UTF-16 units: a message of Telegram's holds 4,096. */
const longest = 3_900;

/** What came meanwhile, in sentences, in one message: what does not fit is counted. */
export function writeBriefing(news: AwayNews): string {
  const words = languages[news.language];
  const lines = [
    ...(news.harness === undefined ? [] : [words.harness(news.harness)]),
    ...news.tasks.map((task) => words.task(quote(task.message, 80), task)),
    ...(news.tasksAtWork === 0 ? [] : [words.atWork(news.tasksAtWork)]),
    ...news.chats.flatMap((chat) => linesOf(chat, news)),
  ];
  const greeting = words.greeting(words.duration(news.awayFor));
  if (lines.length === 0) return `${greeting} ${words.nothing}`;
  return fit(greeting, lines, words);
}

function linesOf(chat: ChatBriefing, { language, now }: AwayNews): string[] {
  const words = languages[language];
  const where = chat.own ? words.here : words.inChat(quote(chat.chatId, 40));
  const failed = chat.failed === 0 ? [] : [words.failed(chat.failed, where)];
  if (chat.messages.length === 0) {
    return [words.busy(chat, where, words.duration(chat.lastAgo)), ...failed];
  }
  const told = chat.messages.map(({ username, content, at }) =>
    words.message(
      username === null ? words.somebody : quote(username, 40),
      where,
      words.duration(now - at),
      quote(content, 160),
    ),
  );
  return [...told, ...failed];
}

function fit(greeting: string, lines: readonly string[], words: Words): string {
  const kept = [greeting];
  let length = greeting.length + 1;
  for (const [n, line] of lines.entries()) {
    const left = words.more(lines.length - n);
    const isLast = n === lines.length - 1;
    if (length + line.length + 1 + (isLast ? 0 : left.length + 1) > longest) {
      return [...kept, '', left].join('\n');
    }
    kept.push(n === 0 ? `\n${line}` : line);
    length += line.length + 2;
  }
  return kept.join('\n');
}

/** One line, cut between characters. */
function quote(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  const characters = [...line];
  return characters.length <= most ? line : `${characters.slice(0, most).join('')}…`;
}

interface Words {
  readonly greeting: (duration: string) => string;
  readonly nothing: string;
  readonly duration: (seconds: number) => string;
  readonly here: string;
  readonly inChat: (chat: string) => string;
  readonly somebody: string;
  readonly message: (who: string, where: string, ago: string, text: string) => string;
  readonly busy: (chat: ChatBriefing, where: string, ago: string) => string;
  readonly failed: (count: number, where: string) => string;
  readonly task: (title: string, task: TaskNews) => string;
  readonly atWork: (count: number) => string;
  readonly harness: (harness: NonNullable<AwayNews['harness']>) => string;
  readonly more: (count: number) => string;
}

const counted = (n: number, one: string, many = `${one}s`): string =>
  `${n} ${n === 1 ? one : many}`;

const english: Words = {
  greeting: (duration) => `Welcome back. You were away for ${duration}.`,
  nothing: 'Nothing came in meanwhile.',
  duration: (seconds) => {
    const minutes = Math.max(1, Math.round(seconds / 60));
    if (minutes < 60) return counted(minutes, 'minute');
    const hours = Math.round(minutes / 60);
    return hours < 48 ? counted(hours, 'hour') : counted(Math.round(hours / 24), 'day');
  },
  here: 'in this chat',
  inChat: (chat) => `in chat ${chat}`,
  somebody: 'Somebody',
  message: (who, where, ago, text) => `${who} wrote ${where} ${ago} ago: “${text}”`,
  busy: ({ count, people }, where, ago) =>
    `${counted(count, 'message')} came ${where}${people > 1 ? ` from ${people} people` : ''}, the last one ${ago} ago.`,
  failed: (count, where) =>
    `${counted(count, 'message')} ${where} could not be answered; the chat says why.`,
  task: (title, { state, result }) => {
    const ends: Partial<Record<TaskNews['state'], string>> = {
      completed: 'is done',
      blocked: 'is blocked',
      failed: 'has failed',
    };
    const said = quote(result ?? '', 160);
    return `The task “${title}” ${ends[state] ?? 'has stopped before its end'}${said === '' ? '.' : `: ${said}`}`;
  },
  atWork: (count) => `${counted(count, 'task')} ${count === 1 ? 'is' : 'are'} still at work.`,
  harness: ({ before, done, total }) =>
    `The harness of this chat has ${done} of ${total} tasks done; it was ${before} when you left.`,
  more: (count) =>
    `There is more: ${counted(count, 'piece')} of news ${count === 1 ? 'is' : 'are'} left out here.`,
};

const chinese: Words = {
  greeting: (duration) => `欢迎回来，你离开了 ${duration}。`,
  nothing: '这段时间没有新消息。',
  duration: (seconds) => {
    const minutes = Math.max(1, Math.round(seconds / 60));
    if (minutes < 60) return `${minutes} 分钟`;
    const hours = Math.round(minutes / 60);
    return hours < 48 ? `${hours} 小时` : `${Math.round(hours / 24)} 天`;
  },
  here: '本聊天',
  inChat: (chat) => `聊天 ${chat} `,
  somebody: '有人',
  message: (who, where, ago, text) => `${who} ${ago}前在${where}说：“${text}”`,
  busy: ({ count, people }, where, ago) =>
    `${where}有 ${count} 条消息${people > 1 ? `，来自 ${people} 个人` : ''}，最近一条在 ${ago}前。`,
  failed: (count, where) => `${where}有 ${count} 条消息未能得到回答，原因见聊天记录。`,
  task: (title, { state, result }) => {
    const ends: Partial<Record<TaskNews['state'], string>> = {
      completed: '已完成',
      blocked: '受阻',
      failed: '失败了',
    };
    const said = quote(result ?? '', 160);
    return `任务“${title}”${ends[state] ?? '提前停下了'}${said === '' ? '。' : `：${said}`}`;
  },
  atWork: (count) => `还有 ${count} 个任务在进行中。`,
  harness: ({ before, done, total }) =>
    `本聊天的任务列表已完成 ${done}/${total} 项，你离开时是 ${before} 项。`,
  more: (count) => `还有 ${count} 条消息未在此列出。`,
};

const languages: Readonly<Record<Language, Words>> = { en: english, zh: chinese };
