import { z } from 'zod';
import { writtenReport } from '../content.ts';

/** What Claude is asked to end its turn with, as JSON Schema. */
export function reportSchema(): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(writtenReport, {
    io: 'input',
    // Claude Code checks it with a parser that knows no other version.
    target: 'draft-7',
    // A section is used in one place; a reference would only be in the way.
    reused: 'inline',
  });
  return schema;
}
