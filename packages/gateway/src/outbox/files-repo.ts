import type { DeliveryId } from '@mini-claude-bot/contract';
import type { Database } from '../db/database.ts';

/** A file as it was when it was to be sent. */
export interface DeliveryFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** The files of deliveries that have not arrived. */
export class FilesRepo {
  readonly #insert;
  readonly #has;
  readonly #find;
  readonly #drop;

  constructor(database: Database) {
    this.#insert = database.prepare<[{ id: DeliveryId; name: string; content: Uint8Array }]>(
      'INSERT INTO delivery_files (delivery_id, name, content) VALUES (:id, :name, :content)',
    );
    this.#has = database
      .prepare<[DeliveryId], 1>('SELECT 1 FROM delivery_files WHERE delivery_id = ?')
      .pluck();
    this.#find = database.prepare<[DeliveryId], DeliveryFile>(
      'SELECT name, content FROM delivery_files WHERE delivery_id = ?',
    );
    this.#drop = database.prepare<[DeliveryId]>('DELETE FROM delivery_files WHERE delivery_id = ?');
  }

  insert(id: DeliveryId, { name, content }: DeliveryFile): void {
    this.#insert.run({ id, name, content });
  }

  /** Without reading it. */
  has(id: DeliveryId): boolean {
    return this.#has.get(id) !== undefined;
  }

  find(id: DeliveryId): DeliveryFile | undefined {
    return this.#find.get(id);
  }

  /** It has arrived. */
  drop(id: DeliveryId): void {
    this.#drop.run(id);
  }
}
