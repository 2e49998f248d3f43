import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type PastConversation, pastConversations } from '@mini-claude-bot/claude';
import { BotId, ChatId, type ChatKey } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import { chatSessionId } from '../history/chat-session-id.ts';
import { type SessionRow, SessionsRepo } from '../sessions/sessions-repo.ts';

/** How a chat goes on with its next message. */
export type ChatGoesOn =
  /** In that conversation: the one in which its last message was said, or else the newest of its directory. */
  | {
      readonly kind: 'goes on';
      readonly conversation: string;
      readonly known: 'by its last message' | 'newest';
    }
  /** With a new one: it had none, or its transcript is gone. */
  | { readonly kind: 'begins anew'; readonly why: 'no directory' | 'no transcript' };

export interface FoundChat {
  readonly chat: ChatKey;
  readonly directory: string;
  /** The old system had closed it for idling: it was known by its directory alone. */
  readonly closed: boolean;
  readonly goesOn: ChatGoesOn;
}

/** Where the old system kept what is said in chats. */
export interface ConversationPlaces {
  /** The chats' directories: `{root}/{bot_id}/{chat_id}`. */
  readonly sessionDirectory: string;
  readonly claudeDirectory: string;
}

/**
 * Give each chat of a database that was taken over the conversation that the old system would have gone on
 * with; it kept no ids, and let the program choose by the directory. Chats that it had closed, whose directory
 * is still there, are entered again.
 */
export async function findConversations(
  database: Database,
  places: ConversationPlaces,
): Promise<FoundChat[]> {
  const repo = new SessionsRepo(database);
  const found: FoundChat[] = [];
  for (const row of repo.list(undefined)) {
    const chat = { botId: row.bot_id, chatId: row.chat_id };
    const goesOn = await howItGoesOn(database, places, row);
    if (goesOn.kind === 'goes on') repo.setClaudeSession(chat, goesOn.conversation, 0);
    found.push({ chat, directory: row.cwd, closed: false, goesOn });
  }
  for (const { chat, directory } of closedChats(places.sessionDirectory, repo)) {
    const past = await pastConversations(places.claudeDirectory, directory);
    const chosen = choose(past, lastMessage(database, chat));
    if (chosen === undefined) continue;
    repo.create(chat, directory, chosen.lastUsedMs / 1000);
    repo.finishTurn(chat, chosen.lastUsedMs / 1000, 0);
    repo.setClaudeSession(chat, chosen.goesOn.conversation, 0);
    found.push({ chat, directory, closed: true, goesOn: chosen.goesOn });
  }
  return found;
}

async function howItGoesOn(
  database: Database,
  { claudeDirectory }: ConversationPlaces,
  { bot_id, chat_id, cwd }: SessionRow,
): Promise<ChatGoesOn> {
  if (!existsSync(cwd)) return { kind: 'begins anew', why: 'no directory' };
  const past = await pastConversations(claudeDirectory, cwd);
  const chosen = choose(past, lastMessage(database, { botId: bot_id, chatId: chat_id }));
  return chosen?.goesOn ?? { kind: 'begins anew', why: 'no transcript' };
}

interface Chosen {
  readonly lastUsedMs: number;
  readonly goesOn: Extract<ChatGoesOn, { kind: 'goes on' }>;
}

/** Work in the background may have left a newer transcript in the same directory. */
function choose(
  past: readonly PastConversation[],
  message: string | undefined,
): Chosen | undefined {
  const said =
    message === undefined
      ? undefined
      : past.find(({ prompts }) => prompts.some((prompt) => prompt.includes(message)));
  const chosen = said ?? past[0];
  if (chosen === undefined) return undefined;
  const known = said === undefined ? 'newest' : 'by its last message';
  return {
    lastUsedMs: chosen.lastUsedMs,
    goesOn: { kind: 'goes on', conversation: chosen.id, known },
  };
}

/** What a user said last; the old system put words of its own around it. */
function lastMessage(database: Database, chat: ChatKey): string | undefined {
  const text = database
    .prepare<[string, string], string>(
      "SELECT content FROM chat_messages WHERE session_id = ? AND bot_id = ? AND role = 'user' ORDER BY id DESC LIMIT 1",
    )
    .pluck()
    .get(chatSessionId(chat), chat.botId)
    ?.trim();
  return text || undefined;
}

function closedChats(
  root: string,
  repo: SessionsRepo,
): { readonly chat: ChatKey; readonly directory: string }[] {
  const known = new Set(repo.directories().map(({ cwd }) => cwd));
  return directoriesIn(root).flatMap((bot) => {
    const botId = BotId.safeParse(bot);
    // Before there were bots, chats had their directories here.
    if (!botId.success || bot.startsWith('.') || known.has(join(root, bot))) return [];
    return directoriesIn(join(root, bot)).flatMap((name) => {
      const chatId = ChatId.safeParse(name);
      const directory = join(root, bot, name);
      if (!chatId.success || known.has(directory)) return [];
      const chat = { botId: botId.data, chatId: chatId.data };
      return repo.find(chat) === undefined ? [{ chat, directory }] : [];
    });
  });
}

/** Links are not followed: what a chat puts there must not become another's directory. */
function directoriesIn(path: string): string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
