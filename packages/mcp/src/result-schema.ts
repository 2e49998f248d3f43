import { type JsonObject, jsonSchemaOf } from '@mini-claude-bot/contract';
import type { Tool as Listing } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

/** Where the rest of an answer is that was too long. */
export const More = z.object({
  answer: z.string(),
  part: z.int().min(1).describe('The part to read next.'),
  parts: z.int().min(1).describe('How many parts there are in all.'),
  how: z.string(),
});
export type More = z.infer<typeof More>;

const more: JsonObject = {
  ...jsonSchemaOf(More, 'output'),
  description: 'Only there when the answer was cut.',
};

/** A result is an object: a list is one with its `items`. */
export function resultSchema(output: z.ZodType): NonNullable<Listing['outputSchema']> {
  const schema = jsonSchemaOf(output, 'output');
  if (isList(output)) {
    const total = { type: 'integer', description: 'How many items the gateway answered.' };
    const properties = { items: schema, total, more };
    return { type: 'object', properties, required: ['items', 'total'] };
  }
  const { anyOf, ...rest } = schema;
  // The standard asks for an object by name, also where each kind of it is one.
  if (Array.isArray(anyOf)) return { type: 'object', anyOf: anyOf.map(withMore), ...rest };
  return withMore(schema);
}

const Known = z.record(z.string(), z.record(z.string(), z.unknown())).catch({});

function withMore(schema: unknown): NonNullable<Listing['outputSchema']> {
  const one = z.record(z.string(), z.unknown()).parse(schema);
  return { ...one, type: 'object', properties: { ...Known.parse(one.properties), more } };
}

export const isList = (output: z.ZodType): boolean => output instanceof z.ZodArray;
