import { z } from 'zod';
import { defineOperation } from '../operation.ts';

export const Backup = z.object({
  name: z.string(),
  path: z.string().describe("On the gateway's machine."),
  made_at: z.string().describe('ISO 8601.'),
  bytes: z.int().nonnegative(),
});
export type Backup = z.infer<typeof Backup>;

export const listBackups = defineOperation({
  id: 'listBackups',
  method: 'GET',
  path: '/api/backups',
  tag: 'system',
  access: 'owner',
  summary: 'List the backups that there are, newest first',
  input: z.object({}),
  output: { kind: 'json', status: 200, schema: z.array(Backup) },
  errors: [],
});

export const makeBackup = defineOperation({
  id: 'makeBackup',
  method: 'POST',
  path: '/api/backups',
  tag: 'system',
  access: 'owner',
  summary: 'Make a backup now, and remove those that are too many',
  description:
    "Turns go on meanwhile. It answers when the file is complete. The key of the bots' tokens is never in it.",
  input: z.object({
    work: z
      .boolean()
      .optional()
      .describe("With the chats' working directories; unset: as BACKUP_WORK says."),
  }),
  places: { work: 'either' },
  output: {
    kind: 'json',
    status: 201,
    schema: Backup.extend({
      files: z.int().nonnegative(),
      left_out: z.array(z.string()).describe('What could not be taken, and why.'),
      removed: z.array(z.string()).describe('Names of older backups that were too many.'),
    }),
  },
  errors: ['backup_failed', 'conflict'],
});
