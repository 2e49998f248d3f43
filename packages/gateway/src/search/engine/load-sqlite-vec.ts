import { getLoadablePath } from 'sqlite-vec';
import { type Database, wordsOf } from '../../db/database.ts';

/** Give a connection the functions of sqlite-vec. @returns why not, where that can't be had here */
export function loadSqliteVec(database: Database): string | undefined {
  try {
    database.loadExtension(getLoadablePath());
    return undefined;
  } catch (error) {
    return wordsOf(error);
  }
}
