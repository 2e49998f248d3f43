import { BotId, ChatId } from '@mini-claude-bot/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chatKeyText } from './chat-key.ts';

const id = fc.string({ unit: fc.constantFrom('a', '"', ',', '\\', '[', ']', '-'), minLength: 1 });

test('two chats never share a key, whatever stands in their ids', () => {
  fc.assert(
    fc.property(fc.tuple(id, id), fc.tuple(id, id), (a, b) => {
      const [keyA, keyB] = [a, b].map(([bot, chat]) =>
        chatKeyText({ botId: BotId.parse(bot), chatId: ChatId.parse(chat) }),
      );
      expect(keyA === keyB).toBe(a[0] === b[0] && a[1] === b[1]);
    }),
  );
});
