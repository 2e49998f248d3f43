import type { MessageTurn, Turn } from '@mini-claude-bot/contract';
import type { TurnRow } from './turns-repo.ts';

/** What is known of a turn beside what was said in it. */
export type MessageTurnRow = Omit<
  TurnRow,
  'seq' | 'bot_id' | 'chat_id' | 'prompt' | 'user_id' | 'answer' | 'trace_context'
>;

const seconds = (ms: number | null): number | null => (ms === null ? null : ms / 1000);

/** A turn as the contract shows it beside its message. */
export const describeMessageTurn = (row: MessageTurnRow): Omit<MessageTurn, 'steps'> => ({
  id: row.id,
  lane: row.lane,
  origin: row.origin,
  state: row.state,
  error: row.error_code,
  queued_at: row.queued_at_ms / 1000,
  started_at: seconds(row.started_at_ms),
  finished_at: seconds(row.finished_at_ms),
  attempts: row.attempts,
  usage:
    row.input_tokens === null
      ? null
      : {
          input_tokens: row.input_tokens,
          output_tokens: row.output_tokens ?? 0,
          cache_read_tokens: row.cache_read_tokens ?? 0,
          cache_creation_tokens: row.cache_creation_tokens ?? 0,
        },
  cost_usd: row.cost_usd,
});

/** A turn as the contract shows it. */
export const describeTurn = (row: TurnRow): Turn => ({
  ...describeMessageTurn(row),
  bot_id: row.bot_id,
  chat_id: row.chat_id,
  message: row.prompt,
  response: row.answer,
});
