import { z } from 'zod';
import { BotId, ChatId, DeliveryId, defaultBotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { nonBlankText, plainText } from '../text.ts';
import { DeliveryState } from './delivery-state.ts';

const unixSeconds = z.number().describe('Unix seconds.');

export const DeliveryReason = z
  .enum([
    'rate_limited',
    'unreachable',
    'telegram_error',
    'token_missing',
    'token_refused',
    'not_telegram_chat',
    'forbidden',
    'rejected',
    'withdrawn',
    'mail_busy',
    'mail_login_refused',
    'mail_unconfigured',
    'uncertain',
  ])
  .describe('Why a delivery is dead, or why it waits.');
export type DeliveryReason = z.infer<typeof DeliveryReason>;

export const DeliveryChannel = z.enum(['telegram', 'mail']).describe('How it goes out.');
export type DeliveryChannel = z.infer<typeof DeliveryChannel>;

/** What a delivery by mail consists of. Its text is the delivery's own. */
export const DeliveryMail = z.object({
  message_id: z.string().describe('The same at each try.'),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  accepted: z.array(z.string()).describe('For whom the mail server has taken it.'),
  subject: z.string(),
  attachments: z
    .array(z.object({ name: z.string(), bytes: z.int() }))
    .describe('Until it has arrived.'),
});

/** What a delivery carries the result of. */
export const DeliverySource = z.object({
  kind: z.enum(['task', 'harness', 'cron', 'report', 'away', 'file']),
  id: z.string(),
});
export type DeliverySource = z.infer<typeof DeliverySource>;

export const DeliveryPart = z.object({
  kind: z.enum(['text', 'document']),
  state: z.enum(['queued', 'sending', 'delivered']),
  text: z.string().describe('What is seen in the chat; of a document, what stands below it.'),
  plain: z.boolean().describe('Telegram refused its formatting, so it went without.'),
  message_id: z.int().nullable().describe("Telegram's id of the message, once it has arrived."),
  maybe_duplicate: z.boolean(),
});

export type DeliveryPart = z.infer<typeof DeliveryPart>;

export const Delivery = z.object({
  id: DeliveryId,
  bot_id: z.string(),
  chat_id: z.string(),
  channel: DeliveryChannel,
  source: DeliverySource,
  format: z.enum(['markdown', 'plain']),
  state: DeliveryState,
  reason: DeliveryReason.nullable(),
  detail: z.string().nullable().describe('The same in words, and what to do.'),
  attempts: z.int().describe('Failed attempts since something of it arrived last.'),
  maybe_duplicate: z
    .boolean()
    .describe(
      'Of some part it is not known whether it had arrived already when it was sent again.',
    ),
  message_ids: z.array(z.int()).describe('Of the messages that have arrived.'),
  preview: z.string().describe('The first 200 characters.'),
  created_at: unixSeconds,
  not_before: unixSeconds.nullable().describe('When it is tried again, where it waits for that.'),
  finished_at: unixSeconds.nullable(),
  mail: DeliveryMail.nullable().describe('Null of one that goes by Telegram.'),
});
export type Delivery = z.infer<typeof Delivery>;

export const listDeliveries = defineOperation({
  id: 'listDeliveries',
  method: 'GET',
  path: '/api/outbox',
  tag: 'outbox',
  access: 'bot',
  summary: 'List deliveries to chats and by mail, newest first',
  description: 'For the next page, give the last id of this one as `before`.',
  input: z.object({
    bot_id: BotId.optional().describe('Only this bot; all bots when absent.'),
    chat_id: ChatId.optional().describe('Only this chat.'),
    state: DeliveryState.optional(),
    source: DeliverySource.shape.kind.optional().describe('Only results of this kind.'),
    channel: DeliveryChannel.optional().describe('Only those by Telegram, or by mail.'),
    before: DeliveryId.optional().describe('Only deliveries that came before this one.'),
    limit: z.int().min(1).max(500).default(50),
  }),
  output: { kind: 'json', status: 200, schema: z.array(Delivery) },
  errors: [],
  mcp: {
    name: 'list_deliveries',
    title: 'List deliveries to chats',
    description:
      'List what was or is to be told to chats, newest first, and whether it has arrived. `dead` ones were given ' +
      'up: `detail` says why. For the next page, give the last id of this one as `before`.',
    chat: 'status',
  },
});

const oneDelivery = z.object({ delivery_id: DeliveryId });

export const getDelivery = defineOperation({
  id: 'getDelivery',
  method: 'GET',
  path: '/api/outbox/{delivery_id}',
  tag: 'outbox',
  access: 'bot',
  summary: 'One delivery, with its whole text and its parts',
  input: oneDelivery,
  output: {
    kind: 'json',
    status: 200,
    schema: Delivery.extend({
      text: z.string().describe('What was to be told, before formatting.'),
      parts: z
        .array(DeliveryPart)
        .describe('Messages that it is sent as; none before it is begun.'),
    }),
  },
  errors: ['not_found'],
  mcp: { name: 'get_delivery', title: 'Look at one delivery' },
});

export const retryDelivery = defineOperation({
  id: 'retryDelivery',
  method: 'POST',
  path: '/api/outbox/{delivery_id}/retry',
  tag: 'outbox',
  access: 'bot',
  summary: 'Take a dead delivery up again, or try a waiting one at once',
  description:
    'Parts that have arrived are not sent again. `retried` is false when it was delivered already.',
  input: oneDelivery,
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({ retried: z.boolean(), state: DeliveryState }),
  },
  errors: ['not_found', 'database_unavailable'],
  mcp: {
    name: 'retry_delivery',
    title: 'Deliver again',
    idempotent: true,
    openWorld: true,
  },
});

/** Telegram takes 1,024 UTF-16 units. */
const longestCaption = 1_000;

export const sendFile = defineOperation({
  id: 'sendFile',
  method: 'POST',
  path: '/api/outbox/files',
  tag: 'outbox',
  access: 'bot',
  summary: "Send a file of a chat's own working directory to the chat",
  description:
    'It goes out as a document, as it is now: at most 20 MB, not empty, and without known secrets. Links are not ' +
    'followed.',
  input: z.object({
    chat_id: ChatId,
    bot_id: BotId.default(defaultBotId),
    path: nonBlankText.describe("In the chat's working directory."),
    caption: plainText.max(longestCaption).default('').describe('What stands below it.'),
  }),
  output: { kind: 'json', status: 200, schema: z.object({ delivery_id: DeliveryId }) },
  errors: ['not_found', 'forbidden', 'message_too_large', 'database_unavailable'],
  mcp: {
    name: 'send_file',
    title: 'Send a file to the chat',
    description:
      'Send a file to the chat as a document, when the user is to have it: a report, a picture, a table. It must ' +
      'be in the working directory of the chat. It goes out by itself; list_deliveries tells whether it arrived.',
    openWorld: true,
    chat: 'files',
  },
});
