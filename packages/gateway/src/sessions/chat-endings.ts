import type { ChatKey } from '@mini-claude-bot/contract';
import type { TurnService } from '../turns/turn-service.ts';
import type { ChatSessions } from './chat-sessions.ts';

/** Something of a chat's that ends with it. */
export interface EndsWithChat {
  /** Nothing of it may begin any more. Called before the chat's turns are ended. */
  readonly cancel?: (chat: ChatKey) => void;
  /** Called when no turn of the chat runs or waits, before its directory is removed. */
  readonly forget?: (chat: ChatKey) => Promise<void>;
}

/** Ends chats, with all that belongs to them. */
export class ChatEndings {
  readonly #turns: TurnService;
  readonly #sessions: ChatSessions;
  readonly #others: EndsWithChat[] = [];

  constructor(turns: TurnService, sessions: ChatSessions) {
    this.#turns = turns;
    this.#sessions = sessions;
  }

  /** In the order in which they are ended. */
  add(other: EndsWithChat): void {
    this.#others.push(other);
  }

  /** End a chat: what runs, what waits, and its conversation. @returns whether there was one */
  stop(chat: ChatKey): Promise<boolean> {
    for (const { cancel } of this.#others) cancel?.(chat);
    return this.#turns.endChat(chat, async () => {
      const known = this.#sessions.find(chat) !== undefined;
      for (const { forget } of this.#others) await forget?.(chat);
      await this.#sessions.remove(chat);
      return known;
    });
  }

  /** End what runs in a chat's main lane, and its process. What waits, and the conversation, stay. */
  reset(chat: ChatKey): Promise<void> {
    return this.#turns.endRunning({ chat, lane: 'main' }, () => this.#sessions.close(chat));
  }
}
