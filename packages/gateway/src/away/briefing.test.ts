import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AwayNews, type ChatBriefing, writeBriefing } from './briefing.ts';

const nothing: AwayNews = {
  language: 'en',
  now: 100_000,
  awayFor: 7_200,
  chats: [],
  tasks: [],
  tasksAtWork: 0,
  harness: undefined,
};
const quiet: ChatBriefing = {
  own: false,
  chatId: '-100',
  count: 1,
  people: 1,
  failed: 0,
  lastAgo: 300,
  messages: [{ content: 'Is the\n tea ready?', username: 'Wei', at: 100_000 - 300 }],
};
const task = { message: 'Sort the photos', state: 'completed', result: 'Sorted 40.' } as const;

test('nothing came', () => {
  expect(writeBriefing(nothing)).toBe(
    'Welcome back. You were away for 2 hours. Nothing came in meanwhile.',
  );
  expect(writeBriefing({ ...nothing, language: 'zh' })).toBe(
    '欢迎回来，你离开了 2 小时。 这段时间没有新消息。',
  );
});

test('what came is told in sentences, what ended first', () => {
  const news: AwayNews = {
    ...nothing,
    harness: { before: 3, done: 7, total: 10 },
    tasks: [{ ...task, chat_id: 'x' as never }],
    tasksAtWork: 1,
    chats: [
      quiet,
      { ...quiet, own: true, count: 34, people: 4, failed: 1, lastAgo: 60, messages: [] },
    ],
  };
  expect(writeBriefing(news)).toBe(
    [
      'Welcome back. You were away for 2 hours.',
      '',
      'The harness of this chat has 7 of 10 tasks done; it was 3 when you left.',
      'The task “Sort the photos” is done: Sorted 40.',
      '1 task is still at work.',
      'Wei wrote in chat -100 5 minutes ago: “Is the tea ready?”',
      '34 messages came in this chat from 4 people, the last one 1 minute ago.',
      '1 message in this chat could not be answered; the chat says why.',
    ].join('\n'),
  );
});

test('in Chinese', () => {
  expect(writeBriefing({ ...nothing, language: 'zh', chats: [quiet] })).toBe(
    '欢迎回来，你离开了 2 小时。\n\nWei 5 分钟前在聊天 -100 说：“Is the tea ready?”',
  );
});

test.each([
  [59, '1 minute'],
  [3_599, '1 hour'],
  [47 * 3_600, '47 hours'],
  [72 * 3_600, '3 days'],
])('%i seconds are %s', (awayFor, said) => {
  expect(writeBriefing({ ...nothing, awayFor })).toContain(`for ${said}.`);
});

test('however much came, it fits one message, and tells what is left out', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 60 }),
      fc.constantFrom('en' as const, 'zh' as const),
      (texts, language) => {
        const chats = texts.map((content) => ({
          ...quiet,
          messages: [{ content, username: content, at: 0 }],
        }));
        const text = writeBriefing({ ...nothing, language, chats });
        expect(text.length).toBeLessThanOrEqual(4_096);
        expect(Buffer.from(text).toString()).toBe(text);
      },
    ),
  );
  const many = Array.from({ length: 400 }, () => quiet);
  expect(writeBriefing({ ...nothing, chats: many })).toMatch(
    /\d+ pieces of news are left out here\.$/,
  );
});
