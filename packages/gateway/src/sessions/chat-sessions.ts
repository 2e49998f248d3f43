import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Conversation, Transcripts } from '@mini-claude-bot/claude';
import type { BotId, ChatKey } from '@mini-claude-bot/contract';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { HarnessArchive } from '../harness/harness-archive.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import type { LaneKey } from '../turns/lane.ts';
import {
  costOfTurn,
  type FinishedTurn,
  type OpenSession,
  type TurnSessions,
} from '../turns/turn-sessions.ts';
import { chatKeyText } from './chat-key.ts';
import type { Reaped } from './reaper.ts';
import type { SessionRow, SessionsRepo } from './sessions-repo.ts';
import type { Workspaces } from './workspace.ts';

/** What sessions are made from. */
export interface ChatSessionsParts {
  readonly repo: SessionsRepo;
  readonly workspaces: Workspaces;
  readonly transcripts: Transcripts;
  readonly claude: ClaudeRuntime;
  readonly clock: Clock;
  readonly archive: HarnessArchive;
  readonly logger: Logger;
  /** Idle times after which a session's process is closed, in seconds. */
  readonly timeouts: { readonly ordinary: number; readonly harness: number };
}

/** The chats' sessions: which directory, which of Claude's conversations, and when they end. */
export class ChatSessions implements TurnSessions {
  readonly #parts: ChatSessionsParts;

  constructor(parts: ChatSessionsParts) {
    this.#parts = parts;
  }

  find(chat: ChatKey): SessionRow | undefined {
    return this.#parts.repo.find(chat);
  }

  list(botId: BotId | undefined): SessionRow[] {
    return this.#parts.repo.list(botId);
  }

  readonly register = ({ chat }: LaneKey): SessionRow => {
    const { repo, workspaces } = this.#parts;
    const known = repo.find(chat);
    if (known !== undefined) return known;
    const directory = workspaces.choose(chat, () => repo.directories().map(({ cwd }) => cwd));
    repo.create(chat, directory, this.#nowSeconds());
    const row = repo.find(chat);
    if (row === undefined) throw new Error('the session that was just stored is not there');
    return row;
  };

  readonly open = async (place: LaneKey): Promise<OpenSession> => {
    const { repo, workspaces } = this.#parts;
    const { chat } = place;
    const { cwd, claude_session_id } = this.register(place);
    const directoryIdentity = await workspaces.ensure(cwd);
    repo.touch(chat, this.#nowSeconds(), true);
    return {
      place,
      key: chatKeyText(chat),
      directory: cwd,
      directoryIdentity,
      conversationId: claude_session_id ?? undefined,
      conversation: () => this.#conversation(chat),
    };
  };

  /** Where that can't be written, the turn goes on: its end is written with it. */
  readonly noteClaudeSession = (
    { place: { chat } }: OpenSession,
    claudeSessionId: string,
  ): void => {
    try {
      this.#setClaudeSession(chat, claudeSessionId);
    } catch (error) {
      this.#parts.logger.warn({ err: error, ...chat }, 'a conversation is not stored yet');
    }
  };

  readonly finishTurn = (
    { chat }: LaneKey,
    { ran, totalCostUsd, claudeSessionId }: FinishedTurn,
  ): number | undefined => {
    const { repo } = this.#parts;
    if (claudeSessionId !== undefined) this.#setClaudeSession(chat, claudeSessionId);
    if (!ran) {
      repo.touch(chat, this.#nowSeconds(), false);
      return undefined;
    }
    const before = repo.find(chat)?.claude_cost_usd ?? 0;
    repo.finishTurn(chat, this.#nowSeconds(), totalCostUsd ?? before);
    return totalCostUsd === undefined ? undefined : costOfTurn(before, totalCostUsd);
  };

  /** The owner goes away, or comes back. A chat that has no session yet gets one. @param at null: back */
  setAway(chat: ChatKey, at: number | null): void {
    this.register({ chat, lane: 'main' });
    this.#parts.repo.setAway(chat, at);
  }

  /** End a chat's process. Its turn must have ended. */
  close(chat: ChatKey): Promise<void> {
    return this.#parts.claude.close(chatKeyText(chat));
  }

  /**
   * Forget a chat's conversation: its process, its directory, its transcript and its row. The history
   * of what was said stays.
   */
  async remove(chat: ChatKey): Promise<void> {
    const { repo, workspaces, transcripts } = this.#parts;
    await this.close(chat);
    const row = repo.find(chat);
    if (row === undefined) return;
    if (row.claude_session_id !== null) await transcripts.remove(row.claude_session_id);
    if (await this.#archive(row)) await workspaces.remove(row.cwd, chat);
    repo.delete(chat);
  }

  /**
   * Close the processes of all sessions that have been idle too long, and archive their harness. Not of
   * those that wait for an owner who is away, or that something works for in the background.
   */
  async reap(isAtWork: (chat: ChatKey) => boolean = () => false): Promise<Reaped[]> {
    const { repo, claude, clock, timeouts } = this.#parts;
    const warm = new Map(claude.warm().map((entry) => [entry.key, entry]));
    const reaped: Reaped[] = [];
    for (const row of repo.list(undefined)) {
      const chat = { botId: row.bot_id, chatId: row.chat_id };
      const entry = warm.get(chatKeyText(chat));
      const harness = existsSync(join(row.cwd, '.harness'));
      // Of a session whose process is closed already, only a harness may be left to look after.
      if (row.nirmana_mode === 1 || entry?.busy || (entry === undefined && !harness)) continue;
      if (harness && isAtWork(chat)) continue;
      const idle = (clock.now() - (entry?.lastUsedMs ?? row.last_active * 1000)) / 1000;
      if (idle < (harness ? timeouts.harness : timeouts.ordinary)) continue;
      const closed = entry !== undefined && (await claude.closeIdle(entry.key, entry.lastUsedMs));
      if (closed) reaped.push({ chat, type: 'interactive', idle });
      if (closed || entry === undefined) await this.#archive(row);
    }
    return reaped;
  }

  #setClaudeSession(chat: ChatKey, claudeSessionId: string): void {
    const { repo } = this.#parts;
    const row = repo.find(chat);
    if (row === undefined || row.claude_session_id === claudeSessionId) return;
    repo.setClaudeSession(chat, claudeSessionId, 0);
  }

  /** @returns whether nothing is lost if the directory is removed; else it is better kept */
  async #archive({ bot_id, chat_id, cwd }: SessionRow): Promise<boolean> {
    try {
      await this.#parts.archive.archiveAll({ botId: bot_id, chatId: chat_id }, cwd);
      return true;
    } catch (error) {
      this.#parts.logger.error({ err: error, directory: cwd }, 'a harness could not be archived');
      return false;
    }
  }

  async #conversation(chat: ChatKey): Promise<Conversation> {
    const { repo, transcripts } = this.#parts;
    const id = repo.find(chat)?.claude_session_id ?? null;
    if (id === null) return { kind: 'new' };
    if (await transcripts.has(id)) return { kind: 'resumed', id };
    // Its transcript was deleted: there is nothing to go on with.
    repo.setClaudeSession(chat, null, 0);
    return { kind: 'new' };
  }

  #nowSeconds(): number {
    return this.#parts.clock.now() / 1000;
  }
}
