import type { Confinement, Conversation, Transcripts } from '@mini-claude-bot/claude';
import type { ChatKey } from '@mini-claude-bot/contract';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Clock } from '../host/clock.ts';
import type { Logger } from '../host/logger.ts';
import { type LaneKey, type LaneKind, laneKeyText } from '../turns/lane.ts';
import {
  costOfTurn,
  type FinishedTurn,
  type OpenSession,
  type TurnSessions,
} from '../turns/turn-sessions.ts';
import type { LaneSessionsRepo } from './lane-sessions-repo.ts';
import type { Reaped } from './reaper.ts';
import type { Workspaces } from './workspace.ts';

/** What the sessions of a kind of lane are made from. */
export interface LaneSessionsParts {
  readonly kind: LaneKind;
  readonly repo: LaneSessionsRepo;
  readonly workspaces: Workspaces;
  readonly transcripts: Transcripts;
  readonly claude: ClaudeRuntime;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Where it works. */
  readonly directory: (place: LaneKey) => string;
  /** What it begins with, where there is no conversation of its own to go on with. */
  readonly beginning: (place: LaneKey) => Conversation | Promise<Conversation>;
  /** Unset, or undefined: it may do what a chat may. */
  readonly confinement?: (place: LaneKey) => Confinement | undefined;
}

/** Sessions of lanes that are not a chat's main one. Each has a conversation of its own. */
export class LaneSessions implements TurnSessions {
  readonly #parts: LaneSessionsParts;

  constructor(parts: LaneSessionsParts) {
    this.#parts = parts;
  }

  readonly register = (place: LaneKey): void => this.#parts.repo.touch(place, this.#nowSeconds());

  readonly open = async (place: LaneKey): Promise<OpenSession> => {
    const { repo, workspaces } = this.#parts;
    repo.touch(place, this.#nowSeconds());
    const directory = this.#parts.directory(place);
    const directoryIdentity = await workspaces.ensure(directory);
    return {
      place,
      key: laneKeyText(place),
      directory,
      directoryIdentity,
      conversationId: repo.find(place)?.claude_session_id ?? undefined,
      conversation: () => this.#conversation(place),
      confinement: this.#parts.confinement?.(place),
    };
  };

  readonly noteClaudeSession = ({ place }: OpenSession, claudeSessionId: string): void => {
    try {
      this.#setConversation(place, claudeSessionId);
    } catch (error) {
      this.#parts.logger.warn({ err: error, ...place }, 'a conversation is not stored yet');
    }
  };

  readonly finishTurn = (
    place: LaneKey,
    { ran, totalCostUsd, claudeSessionId }: FinishedTurn,
  ): number | undefined => {
    const { repo } = this.#parts;
    if (claudeSessionId !== undefined) this.#setConversation(place, claudeSessionId);
    const before = repo.find(place)?.claude_cost_usd ?? 0;
    const total = ran ? totalCostUsd : undefined;
    repo.finishTurn(place, this.#nowSeconds(), total ?? before);
    return total === undefined ? undefined : costOfTurn(before, total);
  };

  /** End a lane's process. Its turn must have ended. */
  close(place: LaneKey): Promise<void> {
    return this.#parts.claude.close(laneKeyText(place));
  }

  /**
   * End a lane's process, and forget its conversation: the next turn begins anew. Its directory stays.
   * @returns whether there was a session
   */
  async forget(place: LaneKey): Promise<boolean> {
    const { repo, transcripts } = this.#parts;
    await this.close(place);
    const row = repo.find(place);
    const id = row?.claude_session_id ?? null;
    if (id !== null) await transcripts.remove(id);
    repo.delete(place);
    return row !== undefined;
  }

  /** {@link forget} all lanes of a chat of this kind. */
  async forgetChat({ botId, chatId }: ChatKey): Promise<void> {
    for (const row of this.#parts.repo.list(this.#parts.kind)) {
      if (row.bot_id !== botId || row.chat_id !== chatId) continue;
      await this.forget({ chat: { botId, chatId }, lane: row.lane });
    }
  }

  /** Close the processes of sessions that have been idle for that many seconds. */
  async reap(timeout: number): Promise<Reaped[]> {
    const { repo, claude, clock } = this.#parts;
    const warm = new Map(claude.warm().map((entry) => [entry.key, entry]));
    const reaped: Reaped[] = [];
    for (const { bot_id, chat_id, lane } of repo.list(this.#parts.kind)) {
      const chat = { botId: bot_id, chatId: chat_id };
      const entry = warm.get(laneKeyText({ chat, lane }));
      if (entry === undefined || entry.busy) continue;
      const idle = (clock.now() - entry.lastUsedMs) / 1000;
      if (idle < timeout) continue;
      const closed = await claude.closeIdle(entry.key, entry.lastUsedMs);
      if (closed) reaped.push({ chat, type: 'background', idle });
    }
    return reaped;
  }

  #setConversation(place: LaneKey, id: string): void {
    const { repo } = this.#parts;
    if (repo.find(place)?.claude_session_id !== id) repo.setConversation(place, id);
  }

  async #conversation(place: LaneKey): Promise<Conversation> {
    const { repo, transcripts, beginning } = this.#parts;
    const id = repo.find(place)?.claude_session_id ?? null;
    if (id === null) return beginning(place);
    if (await transcripts.has(id)) return { kind: 'resumed', id };
    // Its transcript was deleted: there is nothing to go on with.
    repo.setConversation(place, null);
    return beginning(place);
  }

  #nowSeconds(): number {
    return this.#parts.clock.now() / 1000;
  }
}
