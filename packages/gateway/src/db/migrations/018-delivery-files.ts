import type { Migration } from './migration.ts';

/** Files that are sent to chats, until they have arrived. */
export const deliveryFiles: Migration = {
  version: 18,
  sql: `
    CREATE TABLE delivery_files (
      delivery_id TEXT PRIMARY KEY REFERENCES deliveries(id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      content BLOB NOT NULL
    );`,
};
