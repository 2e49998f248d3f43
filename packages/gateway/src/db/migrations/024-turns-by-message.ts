import type { Migration } from './migration.ts';

/** The turn of a message is looked for when a conversation is read. */
export const turnsByMessage: Migration = {
  version: 24,
  sql: `
    CREATE INDEX turns_by_question ON turns(user_message_id);
    CREATE INDEX turns_by_answer ON turns(answer_message_id) WHERE answer_message_id IS NOT NULL;`,
};
