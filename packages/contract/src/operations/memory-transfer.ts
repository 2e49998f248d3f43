import { z } from 'zod';
import { BotId, defaultBotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { plainText } from '../text.ts';

const format = z.enum(['json', 'csv']);
const ofBot = BotId.default(defaultBotId);

export const exportMemories = defineOperation({
  id: 'exportMemories',
  method: 'GET',
  path: '/api/memory/export',
  tag: 'memory',
  access: 'bot',
  summary: 'All memories of a bot as one text, to be kept or brought elsewhere',
  input: z.object({ bot_id: ofBot, format: format.default('json') }),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({
      format,
      count: z.int(),
      content: z.string().describe('A JSON array, or CSV with a line of names (RFC 4180).'),
    }),
  },
  errors: [],
});

export const importMemories = defineOperation({
  id: 'importMemories',
  method: 'POST',
  path: '/api/memory/import',
  tag: 'memory',
  access: 'bot',
  audit: 'deletes',
  auditFields: ['on_conflict'],
  summary: 'Add memories from such a text: all of them, or none',
  input: z.object({
    bot_id: ofBot,
    format: format.default('json'),
    content: plainText.describe('Each with `key` and `content`, and a `category` if it has one.'),
    on_conflict: z
      .enum(['skip', 'replace'])
      .default('skip')
      .describe('What becomes of one whose key the bot has.'),
    dry_run: z.boolean().default(false).describe('Only say what would be done.'),
  }),
  output: {
    kind: 'json',
    status: 200,
    schema: z.object({ added: z.int(), replaced: z.int(), skipped: z.int() }),
  },
  errors: ['database_unavailable'],
});
