import { z } from 'zod';

/** What there is to be read again. */
export const LiveTopic = z
  .enum(['chats', 'turns', 'tasks', 'deliveries', 'cron', 'memory', 'status'])
  .describe(
    'chats: sessions and messages. status: the gateway and the machine, such as which Claude processes live.',
  );
export type LiveTopic = z.infer<typeof LiveTopic>;

/** Something changed: whoever shows it reads it again. Where a field is left out, it may be any. */
export const LiveChange = z.object({
  topic: LiveTopic,
  bot_id: z.string().optional(),
  chat_id: z.string().optional(),
  id: z
    .string()
    .optional()
    .describe('Of the turn, task, delivery, job or memory; of `chats`, the `session_id`.'),
});
export type LiveChange = z.infer<typeof LiveChange>;

/** What somebody hears who follows changes. */
export const LiveEvent = z.discriminatedUnion('topic', [
  LiveChange,
  z.object({
    topic: z.literal('ready').describe('From here on nothing is missed. The first event.'),
    run: z.string().describe('Another one than before: the gateway was started again.'),
  }),
  z.object({
    topic: z
      .literal('reset')
      .describe('Too much changed to tell all of it: read everything again.'),
  }),
]);
export type LiveEvent = z.infer<typeof LiveEvent>;
