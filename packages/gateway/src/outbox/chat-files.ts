import { basename } from 'node:path';
import { type ChatKey, type DeliveryId, GatewayError } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { KnownSecrets } from '../secrets/known-secrets.ts';
import type { ChatSessions } from '../sessions/chat-sessions.ts';
import { readChatFile } from '../sessions/read-chat-file.ts';
import type { FilesRepo } from './files-repo.ts';
import type { Outbox } from './outbox.ts';

/** Telegram takes 50 MB of a bot. Each file stands in the database until it has arrived. */
const longestFile = 20 * 2 ** 20;

/** What files are sent with. */
export interface ChatFilesParts {
  readonly database: Database;
  readonly sessions: Pick<ChatSessions, 'find'>;
  readonly outbox: Pick<Outbox, 'enqueue'>;
  readonly files: FilesRepo;
  readonly secrets: Pick<KnownSecrets, 'occurIn'>;
}

/** Sends chats files of their own working directories, as they are at that moment. */
export class ChatFiles {
  readonly #parts: ChatFilesParts;

  constructor(parts: ChatFilesParts) {
    this.#parts = parts;
  }

  /**
   * @param path in the chat's working directory
   * @param caption what stands below the document; may be empty
   * @throws GatewayError `not_found`, `forbidden`, `message_too_large`; SQLite's error when it can't be written
   */
  async send(chat: ChatKey, path: string, caption: string): Promise<DeliveryId> {
    const { database, sessions, outbox, files, secrets } = this.#parts;
    const session = sessions.find(chat);
    if (session === undefined)
      throw new GatewayError('not_found', 'This chat has no working directory yet.');
    const content = await readChatFile(session.cwd, path, longestFile);
    const name = basename(path);
    // Telegram takes none.
    if (content.length === 0)
      throw new GatewayError('not_found', `There is nothing in the file ${JSON.stringify(name)}.`);
    if (secrets.occurIn(Buffer.from(content).toString('utf8'))) {
      const words = `The file ${JSON.stringify(name)} has a secret of the gateway in it, and is not sent.`;
      throw new GatewayError('forbidden', words);
    }
    return database.transaction(() => {
      const text = caption.trim() === '' ? name : caption;
      const id = outbox.enqueue({
        ...chat,
        text,
        format: 'plain',
        source: { kind: 'file', id: name },
      });
      files.insert(id, { name, content });
      return id;
    })();
  }
}
