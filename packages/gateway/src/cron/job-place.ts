import { join } from 'node:path';
import { ChatId, type ChatKey } from '@mini-claude-bot/contract';
import type { LaneKey } from '../turns/lane.ts';
import type { JobRow } from './job-row.ts';
import type { RunRow } from './run-row.ts';

/** A Claude job works as a chat of its own, with a directory and conversations that are no other's. */
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

/** Such a lane, and its conversation, end with the run. */
export const isOfOneRun = (lane: LaneKey['lane']): boolean => lane.includes('.');

/** Where a Claude job works. */
export const claudeDirectory =
  (root: string) =>
  ({ chat }: LaneKey): string =>
    join(root, chat.botId, chat.chatId);

/**
 * Where shell jobs work: below a bot that nobody speaks for. In the directory of a chat, who may talk to that
 * chat could change what a command finds there.
 */
export const shellRoot = (root: string): string => join(root, '.shell-jobs');
