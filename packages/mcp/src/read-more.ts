import { GatewayError } from '@mini-claude-bot/contract';
import type { Tool as Listing } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import type { LongAnswers } from './long-answers.ts';

/** The tool that gives the rest of an answer that was cut. */
export const readMoreTool: Listing = {
  name: 'read_more',
  title: 'Read the rest of a long answer',
  description:
    'Get another part of an answer that was too long, as its `more` says. The last answers only are kept.',
  inputSchema: {
    type: 'object',
    properties: {
      answer: { type: 'string', description: 'As in `more`.' },
      part: {
        type: 'integer',
        minimum: 1,
        description: 'As in `more`; the one after it comes next.',
      },
    },
    required: ['answer', 'part'],
    additionalProperties: false,
  },
  outputSchema: {
    type: 'object',
    properties: {
      answer: { type: 'string' },
      part: { type: 'integer' },
      parts: { type: 'integer' },
      items: { type: 'array', description: 'Of a list: the items that follow.' },
      text: { type: 'string', description: 'Else: the next piece of the answer as JSON.' },
    },
    required: ['answer', 'part', 'parts'],
  },
  annotations: {
    title: 'Read the rest of a long answer',
    readOnlyHint: true,
    destructiveHint: false,
    idempotentHint: true,
    openWorldHint: false,
  },
};

const Given = z.strictObject({ answer: z.string(), part: z.int() });

/** @throws GatewayError `invalid_input`, `not_found` */
export function readMore(given: unknown, answers: LongAnswers): Record<string, unknown> {
  const parsed = Given.safeParse(given);
  if (parsed.success) return { ...answers.read(parsed.data.answer, parsed.data.part) };
  throw new GatewayError('invalid_input', 'Give `answer` and `part` as `more` says them.');
}
