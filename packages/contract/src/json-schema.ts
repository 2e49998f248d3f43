import { z } from 'zod';

export type JsonObject = Record<string, unknown>;

/**
 * JSON Schema of a value, 2020-12.
 * @param io what a caller writes, or what comes back: a field with a default may be left out of the first only
 */
export const jsonSchemaOf = (type: z.ZodType, io: 'input' | 'output'): JsonObject => {
  const { $schema: _, ...schema } = z.toJSONSchema(type, {
    io,
    // More fields may be added to any answer: it does not say that there are no others.
    override: ({ jsonSchema }) => {
      delete jsonSchema.additionalProperties;
    },
  });
  return schema;
};
