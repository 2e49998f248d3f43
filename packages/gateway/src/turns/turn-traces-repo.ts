import type { TurnId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';
import type { TurnTrace } from './turn-trace.ts';

/** What Claude did in turns. */
export class TurnTracesRepo {
  readonly #insert;

  constructor(database: Database) {
    this.#insert = database.prepare<[{ id: TurnId; thinking: string; tools: string }]>(`
      INSERT OR REPLACE INTO turn_traces (turn_seq, thinking, tools)
      SELECT seq, :thinking, :tools FROM turns WHERE id = :id`);
  }

  add(id: TurnId, { thinking, tools }: TurnTrace): void {
    this.#insert.run({ id, thinking, tools: JSON.stringify(tools) });
  }
}
