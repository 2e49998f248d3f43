import type { Migration } from './migration.ts';

const chatInsert = "INSERT OR REPLACE INTO search_queue (kind, row_id) VALUES ('chat', NEW.id);";
const memoryInsert =
  "INSERT OR REPLACE INTO search_queue (kind, row_id) VALUES ('memory', NEW.id);";

const forget = (kind: 'chat' | 'memory'): string => `
  DELETE FROM passages WHERE kind = '${kind}' AND row_id = OLD.id;
  DELETE FROM search_queue WHERE kind = '${kind}' AND row_id = OLD.id;`;

/**
 * What messages and memories are found by. Whatever writes a row, it is in the queue by the same
 * transaction; whatever deletes one, it is found no more, and what is left of it in an index is written down
 * to be removed. The words' own tables (`words_N`) are made with a bot's first row, the vectors' (`codes_N`)
 * when the number of dimensions is known.
 */
export const search: Migration = {
  version: 11,
  sql: `
    -- Rows that the full-text index lacks. A new seq says that the row has changed since.
    CREATE TABLE search_queue (
      seq INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      row_id INTEGER NOT NULL,
      -- Where the next passage begins: a long text is indexed in steps.
      next_start INTEGER NOT NULL DEFAULT 0,
      UNIQUE (kind, row_id)
    );

    -- A piece of a text: what both indexes are about. start_at and end_at are in UTF-16 units.
    CREATE TABLE passages (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      row_id INTEGER NOT NULL,
      bot_id TEXT NOT NULL,
      start_at INTEGER NOT NULL,
      end_at INTEGER NOT NULL,
      -- The newest model that it has a vector of; 0: none.
      model_id INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX passages_by_row ON passages(kind, row_id);
    CREATE INDEX passages_by_bot ON passages(kind, bot_id, model_id);
    CREATE INDEX passages_by_model ON passages(model_id, id);

    -- Each has a full-text index of its own (words_N): how rare a word is, which the order of hits goes by, is
    -- then counted among a bot's own rows, and tells nothing of the others'.
    CREATE TABLE search_scopes (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      bot_id TEXT NOT NULL,
      UNIQUE (kind, bot_id)
    );
    -- Passages that are gone, whose rows in words_N are still to be deleted.
    CREATE TABLE stale_words (passage_id INTEGER PRIMARY KEY, scope_id INTEGER NOT NULL);

    -- Ids grow with time: of two models the present one has the larger.
    CREATE TABLE embedding_models (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      provider TEXT NOT NULL,
      name TEXT NOT NULL,
      dimensions INTEGER NOT NULL,
      -- 1: its vectors are searched. One that is new serves once it has all.
      serving INTEGER NOT NULL DEFAULT 0
    );

    CREATE TABLE passage_vectors (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      model_id INTEGER NOT NULL,
      passage_id INTEGER NOT NULL,
      -- Whole numbers of 16 bits, scaled to the largest: direction is all that counts.
      vector BLOB NOT NULL,
      UNIQUE (passage_id, model_id)
    );
    CREATE INDEX passage_vectors_by_model ON passage_vectors(model_id);
    -- Models that are gone, whose vectors are still to be deleted.
    CREATE TABLE dropped_models (id INTEGER PRIMARY KEY);
    -- Vectors that are gone, whose rows in codes_N are still to be deleted.
    CREATE TABLE stale_codes (id INTEGER PRIMARY KEY, model_id INTEGER NOT NULL);

    CREATE TRIGGER passage_gone AFTER DELETE ON passages BEGIN
      INSERT INTO stale_words (passage_id, scope_id)
        SELECT OLD.id, id FROM search_scopes WHERE kind = OLD.kind AND bot_id = OLD.bot_id;
      DELETE FROM passage_vectors WHERE passage_id = OLD.id;
    END;
    CREATE TRIGGER vector_gone AFTER DELETE ON passage_vectors BEGIN
      INSERT OR IGNORE INTO stale_codes (id, model_id) VALUES (OLD.id, OLD.model_id);
    END;

    CREATE TRIGGER chat_added AFTER INSERT ON chat_messages BEGIN ${chatInsert} END;
    CREATE TRIGGER chat_changed AFTER UPDATE OF content, bot_id ON chat_messages BEGIN
      ${forget('chat')} ${chatInsert}
    END;
    CREATE TRIGGER chat_deleted AFTER DELETE ON chat_messages BEGIN ${forget('chat')} END;
    CREATE TRIGGER memory_added AFTER INSERT ON memory BEGIN ${memoryInsert} END;
    CREATE TRIGGER memory_changed AFTER UPDATE OF key, content, bot_id ON memory BEGIN
      ${forget('memory')} ${memoryInsert}
    END;
    CREATE TRIGGER memory_deleted AFTER DELETE ON memory BEGIN ${forget('memory')} END;

    INSERT INTO search_queue (kind, row_id) SELECT 'chat', id FROM chat_messages ORDER BY id;
    INSERT INTO search_queue (kind, row_id) SELECT 'memory', id FROM memory ORDER BY id;
    -- Entries up to here are rows as an old file had them: the vectors that it has are theirs.
    CREATE TABLE search_takeover (last_seq INTEGER NOT NULL);
    INSERT INTO search_takeover SELECT COALESCE(MAX(seq), 0) FROM search_queue;`,
};
