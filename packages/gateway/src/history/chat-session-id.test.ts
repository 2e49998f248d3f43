import { BotId, ChatId } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { chatSessionId, telegramChatId } from './chat-session-id.ts';

test('a chat has the name that existing clients know', () => {
  const chat = { botId: BotId.parse('hero'), chatId: ChatId.parse('-100123') };
  expect(chatSessionId(chat)).toBe('gw-hero--100123');
});

test.each([
  ['123456789', 123456789],
  ['-1001234567890', -1001234567890],
  ['0', 0],
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', null],
  ['-9007199254740993', null],
  ['12a', null],
  ['a12', null],
  ['1.5', null],
  ['1e3', null],
  ['0x10', null],
  ['+1', null],
  ['--1', null],
  ['-', null],
  [' 1', null],
  ['1\n', null],
  ['١٢', null],
  ['', null],
])('%j is the Telegram chat %s', (chatId, number) => {
  expect(telegramChatId(chatId)).toBe(number);
});
