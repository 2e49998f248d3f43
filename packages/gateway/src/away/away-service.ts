import { basename } from 'node:path';
import type { ChatKey } from '@mini-claude-bot/contract';
import type { HarnessFinder } from '../harness/harness-finder.ts';
import { countTasks } from '../harness/harness-tasks.ts';
import { chatSessionId } from '../history/chat-session-id.ts';
import type { Clock } from '../host/clock.ts';
import { cutText } from '../host/cut-text.ts';
import { type Language, languageFor } from '../host/language.ts';
import type { Logger } from '../host/logger.ts';
import type { ChatSessions } from '../sessions/chat-sessions.ts';
import type { TaskService } from '../tasks/task-service.ts';
import { type ChatBriefing, mostTold, writeBriefing } from './briefing.ts';
import type { ChatNews, NewsRepo } from './news-repo.ts';
import type { AwaySnapshot, AwaySnapshots } from './snapshot.ts';

/** What away mode is made from. */
export interface AwayParts {
  readonly sessions: ChatSessions;
  readonly tasks: Pick<TaskService, 'latest'>;
  readonly news: NewsRepo;
  readonly snapshots: AwaySnapshots;
  readonly finder: HarnessFinder;
  readonly language: Language | 'auto';
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface AwayState {
  readonly away: boolean;
  /** Unix seconds; 0: not away. */
  readonly since: number;
}

/** Owners who go away, and what came for them meanwhile. The state is the chat's row; the rest is looked up. */
export class AwayService {
  readonly #parts: AwayParts;

  constructor(parts: AwayParts) {
    this.#parts = parts;
  }

  /** A chat that is not known is not away. */
  stateOf(chat: ChatKey): AwayState {
    const row = this.#parts.sessions.find(chat);
    return { away: row?.nirmana_mode === 1, since: row?.nirmana_activated_at ?? 0 };
  }

  /** The owner leaves. One who is away already stays so since then. */
  async leave(chat: ChatKey): Promise<void> {
    const { sessions, snapshots, logger } = this.#parts;
    if (this.stateOf(chat).away) return;
    const now = this.#nowSeconds();
    sessions.setAway(chat, now);
    try {
      await snapshots.write(chat, this.#snapshot(chat, now));
    } catch (error) {
      // What counts is in the database: the briefing only lacks what was before.
      logger.warn({ err: error, ...chat }, 'the snapshot of away mode could not be written');
    }
  }

  /** The owner is back. @returns what came meanwhile; undefined: they were not away */
  async comeBack(chat: ChatKey): Promise<string | undefined> {
    const { sessions } = this.#parts;
    const { away, since } = this.stateOf(chat);
    if (!away) return undefined;
    const briefing = await this.#brief(chat, since);
    sessions.setAway(chat, null);
    return briefing;
  }

  async #brief(chat: ChatKey, since: number): Promise<string> {
    const { news, snapshots, language } = this.#parts;
    const now = this.#nowSeconds();
    const found = news.chats(chat.botId, since);
    const own = found.find(({ session_id }) => session_id === chatSessionId(chat));
    const said = own === undefined ? [] : news.messages(chat.botId, since, own.session_id, 1);
    return writeBriefing({
      language: languageFor(language, said[0]?.content ?? this.#lastTask(chat)),
      now,
      awayFor: now - since,
      chats: found.map((each) => this.#chatBriefing(each, chat, since, now)),
      tasks: news.tasks(chat.botId, since),
      tasksAtWork: news.tasksAtWork(chat.botId),
      harness: this.#harnessNews(chat, await snapshots.read(chat)),
    });
  }

  #chatBriefing(
    { session_id, messages, people, failed, last_at }: ChatNews,
    chat: ChatKey,
    since: number,
    now: number,
  ): ChatBriefing {
    const few = messages <= mostTold;
    return {
      own: session_id === chatSessionId(chat),
      chatId: session_id.replace(`gw-${chat.botId}-`, ''),
      count: messages,
      people,
      failed,
      lastAgo: now - last_at,
      messages: few ? this.#parts.news.messages(chat.botId, since, session_id, mostTold) : [],
    };
  }

  #lastTask(chat: ChatKey): string {
    return this.#parts.tasks.latest(chat)[0]?.message ?? '';
  }

  #snapshot(chat: ChatKey, now: number): AwaySnapshot {
    const harness = this.#harnessOf(chat);
    return {
      bot_id: chat.botId,
      chat_id: chat.chatId,
      activated_at: now,
      harness:
        harness?.tasks === undefined
          ? null
          : {
              project_name: harness.tasks.projectName ?? basename(harness.directory),
              ...progressIn(harness.tasks.tasks),
            },
      tasks: this.#parts.tasks
        .latest(chat)
        .map(({ id, state, message }) => ({ id, state, message: cutText(message, 500) })),
    };
  }

  #harnessNews(chat: ChatKey, snapshot: AwaySnapshot | undefined) {
    const harness = this.#harnessOf(chat);
    const before = snapshot?.harness;
    if (harness?.tasks === undefined || before === undefined || before === null) return undefined;
    const now = progressIn(harness.tasks.tasks);
    return now.done === before.done ? undefined : { before: before.done, ...now };
  }

  #harnessOf(chat: ChatKey) {
    const { sessions, finder, tasks } = this.#parts;
    const workingDirectory = sessions.find(chat)?.cwd;
    if (workingDirectory === undefined) return undefined;
    const known = tasks.latest(chat)[0]?.harness_directory ?? undefined;
    return finder.find({ workingDirectory, known });
  }

  #nowSeconds(): number {
    return this.#parts.clock.now() / 1000;
  }
}

function progressIn(tasks: Parameters<typeof countTasks>[0]): { done: number; total: number } {
  const { done, total } = countTasks(tasks);
  return { done, total };
}
