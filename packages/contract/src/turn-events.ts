import { z } from 'zod';
import { ErrorCode } from './errors.ts';

/** Longest piece of content in one event, in bytes of its JSON form. */
export const maxContentBytes = 16 * 1024;

/** No line of the stream may reach this many bytes: existing clients read with a buffer of this size. */
export const maxLineBytes = 64 * 1024;

/**
 * What a reader of a turn sees, in order. Old clients know `thinking`, `text`, `done` and `error`, and
 * ignore the rest. `done` or `error` comes last; a reply too long for one line ends without `done`.
 */
export const TurnEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('turn'), content: z.string().describe("The turn's id.") }),
  z.object({
    type: z.literal('queued'),
    content: z.string().describe('The same in words.'),
    position: z
      .int()
      .describe('How many turns of this chat come first; 0: only a free slot is awaited.'),
  }),
  z.object({ type: z.literal('started'), content: z.literal('') }),
  z.object({ type: z.literal('thinking'), content: z.string() }),
  z.object({
    type: z.literal('text'),
    content: z.string().describe('A delta; joined, they are the reply.'),
  }),
  z.object({
    type: z.literal('tool'),
    content: z.string().describe('A short form of the input.'),
    name: z.string().describe('The tool that Claude uses.'),
  }),
  z.object({
    type: z.literal('restart'),
    content: z
      .string()
      .describe('Why. Forget all text and thinking so far: what stands is sent again.'),
  }),
  z.object({
    type: z.literal('notice'),
    content: z.string().describe('Something worth telling, such as a retry.'),
  }),
  z.object({
    type: z.literal('done'),
    content: z.string().describe('The whole reply.'),
    error: ErrorCode.optional().describe(
      'Set when the turn failed: `content` then starts with "[ERROR] ".',
    ),
    stopped: z.literal(true).optional().describe('Set when the turn was stopped by a user.'),
  }),
  z.object({
    type: z.literal('error'),
    content: z.string().describe('Why this message was not run, and never will be.'),
    busy: z.literal(true).optional(),
    code: ErrorCode,
  }),
]);
export type TurnEvent = z.infer<typeof TurnEvent>;
