import type { Database } from '../../db/database.ts';
import { SearchEngine } from './search-engine.ts';
import type { Engine } from './search-request.ts';

/** A database in memory belongs to one connection: it is searched right here. */
export function inlineEngine(database: Database): Engine {
  const engine = new SearchEngine(database);
  return {
    search: async (request) => engine.search(request),
    byWords: async (request) => engine.byWords(request),
    byVector: async (request) => engine.byVector(request),
    counts: async (...parameters) => engine.counts(...parameters),
    close: async () => {},
  };
}
