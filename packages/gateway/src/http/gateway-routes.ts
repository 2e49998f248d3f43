import {
  type ChatKey,
  operations,
  type ParsedInputOf,
  type TurnEvent,
} from '@mini-claude-bot/contract';
import type { ChatRate } from '../access/chat-rate.ts';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../host/clock.ts';
import type { ChatEndings } from '../sessions/chat-endings.ts';
import { isOfBot } from '../sessions/chat-key.ts';
import type { ChatSessions } from '../sessions/chat-sessions.ts';
import { describeSession } from '../sessions/describe-session.ts';
import type { Reap } from '../sessions/reaper.ts';
import type { LaneScheduler } from '../turns/lane-scheduler.ts';
import type { Message } from '../turns/live-turn.ts';
import { lastEvent, replyText } from '../turns/reply.ts';
import type { EventWithId } from '../turns/turn-cursor.ts';
import type { Submitted, TurnService } from '../turns/turn-service.ts';
import type { OperationBinder } from './bind.ts';
import type { Caller } from './caller.ts';
import type { EventStream } from './sse.ts';

/** What the routes of the gateway's chats call. */
export interface GatewayRouteParts {
  readonly turns: TurnService;
  readonly sessions: ChatSessions;
  readonly endings: ChatEndings;
  readonly reap: Reap;
  readonly claude: ClaudeRuntime;
  readonly scheduler: LaneScheduler;
  readonly clock: Clock;
  readonly config: Config;
  readonly chatRate: ChatRate;
}

const keyOf = ({
  bot_id,
  chat_id,
}: {
  bot_id: ChatKey['botId'];
  chat_id: ChatKey['chatId'];
}): ChatKey => ({
  botId: bot_id,
  chatId: chat_id,
});

const messageOf = (input: ParsedInputOf<typeof operations.sendMessage>): Message => ({
  chat: keyOf(input),
  lane: 'main',
  origin: 'chat',
  text: input.message,
  userId: input.user_id ?? null,
  username: input.username ?? null,
  idempotencyKey: input.idempotency_key,
  source: input.source,
});

export function bindGatewayRoutes(binder: OperationBinder, parts: GatewayRouteParts): void {
  const { turns, sessions, endings, scheduler, clock, config, chatRate } = parts;

  // How busy the others are is not for one who speaks for a single bot.
  const slotsUsed = ({ botId }: Caller): number =>
    botId === undefined
      ? scheduler.slotsUsed
      : scheduler.slotsUsedBy((chat) => isOfBot(chat, botId));

  binder.bind(operations.sendMessage, async (input, { onAnswered, onStored }) => {
    chatRate.take(keyOf(input));
    const submitted = await turns.submitOrJoin(messageOf(input), (id) => onStored({ turn_id: id }));
    if (submitted.kind !== 'refused') onAnswered(turns.listen(idOf(submitted)));
    return { response: await replyOf(submitted), session_key: input.chat_id };
  });

  binder.bind(operations.streamMessage, (input, { onStored }) => {
    chatRate.take(keyOf(input));
    return streamOf(
      turns.submit(messageOf(input), (id) => onStored({ turn_id: id })),
      turns,
    );
  });

  binder.bind(operations.stopChat, async (input) => ({
    stopped: await endings.stop(keyOf(input)),
  }));

  binder.bind(operations.listSessions, ({ bot_id }) =>
    sessions.list(bot_id).map((row) => describeSession(row, parts)),
  );

  binder.bind(operations.resetSession, async (input) => {
    await endings.reset(keyOf(input));
    return { reset: true as const, chat_id: input.chat_id, bot_id: input.bot_id };
  });

  binder.bind(operations.reapSessions, async () => {
    const reaped = (await parts.reap()).map(({ chat, type, idle }) => ({
      chat_id: chat.chatId,
      bot_id: chat.botId,
      type,
      idle_seconds: Math.floor(idle),
      idle_hours: Math.round(idle / 36) / 100,
    }));
    return { reaped, count: reaped.length };
  });

  binder.bind(operations.queueStatus, (input, { caller }) => {
    const chat = keyOf(input);
    const running = turns.running(chat);
    const remaining = turns.remainingWaitMs(chat);
    return {
      busy: running !== undefined,
      busy_message: running?.prompt.slice(0, 200) ?? '',
      elapsed_seconds: wholeSecondsSince(running?.startedAtMs, clock),
      slots_used: slotsUsed(caller),
      slots_max: config.GATEWAY_MAX_CLAUDE_PROCESSES,
      queue_wait_timeout: config.GATEWAY_QUEUE_WAIT_TIMEOUT,
      queue_wait_remaining:
        remaining === undefined ? config.GATEWAY_QUEUE_WAIT_TIMEOUT : Math.floor(remaining / 1000),
      queue_length: turns.waiting(chat),
    };
  });
}

const idOf = (submitted: Exclude<Submitted, { kind: 'refused' }>) =>
  submitted.kind === 'turn' ? submitted.turn.id : submitted.id;

async function replyOf(submitted: Submitted): Promise<string> {
  switch (submitted.kind) {
    case 'turn':
      return replyText(await submitted.turn.result);
    case 'answered':
      return submitted.reply;
    case 'refused':
      return replyText(submitted.result);
  }
}

function streamOf(submitted: Submitted, turns: TurnService): EventStream {
  switch (submitted.kind) {
    case 'turn': {
      const { feed, id } = submitted.turn;
      const { told, lost } = turns.listen(id);
      return { events: (gone) => feed.read(gone), onTold: told, onLost: lost };
    }
    case 'answered': {
      const follow = turns.follow(submitted.id, undefined);
      const { told, lost } = turns.listen(submitted.id);
      return { events: (gone) => withoutIds(follow(gone)), onTold: told, onLost: lost };
    }
    case 'refused':
      return { events: () => only(lastEvent(submitted.result)), onLost: () => {} };
  }
}

async function* withoutIds(events: AsyncIterable<EventWithId>): AsyncGenerator<TurnEvent> {
  for await (const { event } of events) yield event;
}

async function* only(event: TurnEvent): AsyncGenerator<TurnEvent> {
  yield event;
}

const wholeSecondsSince = (sinceMs: number | undefined, clock: Clock): number =>
  sinceMs === undefined ? 0 : Math.max(0, Math.floor((clock.now() - sinceMs) / 1000));
