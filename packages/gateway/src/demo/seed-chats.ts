import type { Client } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';

/** A chat of the demo, and what was said in it. */
export interface SeededChat {
  readonly chatId: string;
  readonly username: string;
  readonly messages: readonly string[];
}

/** One of each kind: plain talk, Chinese, code, a table, a tool; and a group, whose id is negative. */
export const seededChats: readonly SeededChat[] = [
  {
    chatId: 'demo',
    username: 'ada',
    messages: ['Hello! Who are you?', 'Which files are in your working directory?'],
  },
  { chatId: '10001', username: 'wei', messages: ['你好!', '请列一个周末大扫除的步骤清单'] },
  { chatId: '10002', username: 'wei', messages: ['请用表格比较三种学习方法'] },
  {
    chatId: 'code-review',
    username: 'grace',
    messages: ['Please write a small TypeScript function that greets someone.'],
  },
  {
    chatId: '-100200300',
    username: 'ada',
    messages: ['Compare three ways to start a project, as a table.', 'Thank you both!'],
  },
];

/**
 * Fill the demo with conversations, by sending their messages: what is there afterwards is what the
 * gateway made of them.
 * @throws as the client does, and the signal's reason
 */
export async function seedChats(
  client: Client,
  chats: readonly SeededChat[],
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    chats.map(async ({ chatId, username, messages }) => {
      for (const message of messages) {
        const input = { chat_id: chatId, message, username };
        await client.call(operations.sendMessage, input, signal);
      }
    }),
  );
}
