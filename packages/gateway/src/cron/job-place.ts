import { ChatId, type ChatKey } from '@mini-claude-bot/contract';
import type { LaneKey } from '../turns/lane.ts';
import type { JobRow } from './job-row.ts';
import type { RunRow } from './run-row.ts';

/** A job works as a chat of its own, with a directory and conversations that are no other's. */
export const jobChat = ({ id, bot_id }: Pick<JobRow, 'id' | 'bot_id'>): ChatKey => ({
  botId: bot_id,
  chatId: ChatId.parse(`cron-${id}`),
});

/** Runs that may go on at the same time each have a lane. */
export const runPlace = (
  job: Pick<JobRow, 'id' | 'bot_id' | 'overlap'>,
  run: Pick<RunRow, 'id'>,
): LaneKey => ({
  chat: jobChat(job),
  lane: job.overlap === 'parallel' ? `cron:${job.id}.${run.id}` : `cron:${job.id}`,
});
