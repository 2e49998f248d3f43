import type { Migration } from './migration.ts';

/** What is shown of turns beside their messages: which turn a message is of, and what was done on the way. */
export const turnsByMessage: Migration = {
  version: 24,
  sql: `
    CREATE INDEX turns_by_question ON turns(user_message_id);
    CREATE INDEX turns_by_answer ON turns(answer_message_id) WHERE answer_message_id IS NOT NULL;

    CREATE TABLE turn_steps (
      turn_seq INTEGER PRIMARY KEY REFERENCES turns(seq) ON DELETE CASCADE,
      count INTEGER NOT NULL,
      -- JSON, as the contract has it.
      steps TEXT NOT NULL
    );`,
};
