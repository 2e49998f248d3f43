import { z } from 'zod';
import { ErrorCode } from '../errors.ts';
import { BotId, ChatId, TurnId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { plainText } from '../text.ts';
import { TurnEvent } from '../turn-events.ts';
import { TurnStep } from '../turn-steps.ts';

const unixSeconds = z.number().describe('Unix seconds.');
const tokens = z.int().nonnegative();

export const TurnState = z
  .enum([
    'queued',
    'running',
    'completed',
    'failed',
    'stopped',
    'interrupted',
    'expired',
    'refused',
  ])
  .describe(
    'stopped: by a user. interrupted: the gateway ended while it ran. expired: it waited too long and was ' +
      'not run. refused: it could not be run.',
  );
export type TurnState = z.infer<typeof TurnState>;

export const Turn = z.object({
  id: TurnId,
  bot_id: z.string(),
  chat_id: z.string(),
  lane: z.string(),
  origin: z.string(),
  state: TurnState,
  message: z.string().describe('What was said to Claude.'),
  response: z.string().nullable().describe('The stored reply, once there is one.'),
  error: ErrorCode.nullable(),
  queued_at: unixSeconds,
  started_at: unixSeconds.nullable(),
  finished_at: unixSeconds.nullable(),
  attempts: z.int().describe('How often it was started.'),
  usage: z
    .object({
      input_tokens: tokens,
      output_tokens: tokens,
      cache_read_tokens: tokens,
      cache_creation_tokens: tokens,
    })
    .nullable(),
  cost_usd: z.number().nullable().describe("Claude Code's own estimate."),
});
export type Turn = z.infer<typeof Turn>;

export const listTurns = defineOperation({
  id: 'listTurns',
  method: 'GET',
  path: '/api/gateway/turns',
  tag: 'gateway',
  access: 'bot',
  summary: 'List turns, newest first',
  description: 'For the next page, give the last id of this one as `before`.',
  input: z.object({
    bot_id: BotId.optional().describe('Only this bot; all bots when absent.'),
    chat_id: ChatId.optional().describe('Only this chat.'),
    state: TurnState.optional(),
    before: TurnId.optional().describe('Only turns that came before this one.'),
    limit: z.int().min(1).max(500).default(50),
  }),
  output: { kind: 'json', status: 200, schema: z.array(Turn) },
  errors: [],
  mcp: {
    name: 'list_turns',
    title: 'List turns',
    description:
      'List what was said to Claude and what became of it, newest first: state, reply, error, tokens and cost. ' +
      'For the next page, give the last id of this one as `before`.',
    chat: 'status',
  },
});

const oneTurn = z.object({ turn_id: TurnId });

export const turnSteps = defineOperation({
  id: 'turnSteps',
  method: 'GET',
  path: '/api/gateway/turns/{turn_id}/steps',
  tag: 'gateway',
  access: 'bot',
  summary: 'What Claude did on the way to the answer of a turn',
  description:
    'Thoughts and tools, in order; of long ones the beginning. They are there once the turn has ended.',
  input: oneTurn,
  output: { kind: 'json', status: 200, schema: z.array(TurnStep) },
  errors: ['not_found'],
});

export const getTurn = defineOperation({
  id: 'getTurn',
  method: 'GET',
  path: '/api/gateway/turns/{turn_id}',
  tag: 'gateway',
  access: 'bot',
  summary: 'One turn',
  input: oneTurn,
  output: { kind: 'json', status: 200, schema: Turn },
  errors: ['not_found'],
  mcp: {
    name: 'get_turn',
    title: 'Look at one turn',
    description: 'Read one turn by its id: its state, and the whole reply once there is one.',
  },
});

export const cancelTurn = defineOperation({
  id: 'cancelTurn',
  method: 'POST',
  path: '/api/gateway/turns/{turn_id}/cancel',
  tag: 'gateway',
  access: 'bot',
  summary: 'End one turn, whether it runs or waits',
  description:
    'The chat, its conversation and what waits behind stay. `cancelled` is false when it had ended.',
  input: oneTurn,
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({ cancelled: z.boolean(), state: TurnState }),
  },
  errors: ['not_found'],
  mcp: { name: 'cancel_turn', title: 'End one turn', destructive: true, idempotent: true },
});

export const followTurn = defineOperation({
  id: 'followTurn',
  method: 'GET',
  path: '/api/gateway/turns/{turn_id}/events',
  tag: 'gateway',
  access: 'bot',
  summary: 'Follow a turn from where a reader left off',
  description:
    'Server-sent events with ids. With `Last-Event-ID`, what comes after that event; while the turn runs and ' +
    'for an hour after it, also over a restart of the gateway: then the stored reply.',
  input: oneTurn.extend({
    last_event_id: plainText.optional().describe('The last event that was seen.'),
  }),
  headers: { last_event_id: 'Last-Event-ID' },
  output: { kind: 'events', schema: TurnEvent },
  errors: ['not_found'],
});
