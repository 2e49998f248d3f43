import type { Client } from '@mini-claude-bot/client';
import { operations } from '@mini-claude-bot/contract';

/** What is remembered, in both languages. */
const memories = [
  { key: 'answers', category: 'preferences', content: 'Ada likes short answers, with an example.' },
  { key: 'wei-language', category: 'preferences', content: '伟喜欢用中文交流，代码注释用英文。' },
  {
    key: 'backup-disk',
    category: 'projects',
    content: 'The backups of the home server are on the disk with the blue label.',
  },
];

/** One of each kind; a command that changes nothing. */
const jobs = [
  {
    name: 'Look at the disk',
    cron_expression: '0 3 * * *',
    command: 'df -h / | tail -n 1',
    job_type: 'shell' as const,
  },
  {
    name: '早间摘要',
    cron_expression: '30 7 * * 1-5',
    command: '请用三句话总结今天要做的事。',
    job_type: 'claude' as const,
    timezone: 'Asia/Shanghai',
  },
];

/**
 * Give the demo memories, and jobs that have run once.
 * @throws as the client does, and the signal's reason
 */
export async function seedRest(client: Client, signal: AbortSignal): Promise<void> {
  for (const memory of memories) await client.call(operations.addMemory, memory, signal);
  for (const job of jobs) {
    const { id } = await client.call(operations.createCronJob, job, signal);
    await client.call(operations.runCronJob, { job_id: id }, signal);
  }
}
