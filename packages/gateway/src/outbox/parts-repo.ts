import { z } from 'zod';
import type { Database } from '../db/database.ts';
import type { TelegramEntity } from '../telegram/entities.ts';
import type { MessagePart, PartRow } from './delivery.ts';

interface StoredPart {
  readonly n: number;
  readonly kind: PartRow['kind'];
  readonly text: string;
  readonly entities: string;
  readonly plain: 0 | 1;
  readonly state: PartRow['state'];
  readonly message_id: number | null;
  readonly maybe_duplicate: 0 | 1;
}

/** What was written by {@link PartsRepo.plan}, and by nobody else. */
const Entities = z.custom<TelegramEntity[]>(Array.isArray);

const read = ({ entities, plain, maybe_duplicate, ...part }: StoredPart): PartRow => ({
  ...part,
  entities: Entities.parse(JSON.parse(entities)),
  plain: plain === 1,
  maybe_duplicate: maybe_duplicate === 1,
});

/** The messages that deliveries consist of. */
export class PartsRepo {
  readonly #database: Database;
  readonly #insert;
  readonly #of;
  readonly #next;
  readonly #sending;
  readonly #arrived;
  readonly #again;
  readonly #plain;
  readonly #recover;

  constructor(database: Database) {
    this.#database = database;
    this.#insert = database.prepare<
      [{ seq: number; n: number; kind: PartRow['kind']; text: string; entities: string }]
    >(`INSERT INTO delivery_parts (delivery_seq, n, kind, text, entities, state)
       VALUES (:seq, :n, :kind, :text, :entities, 'queued')`);
    this.#of = database.prepare<[number], StoredPart>(
      'SELECT * FROM delivery_parts WHERE delivery_seq = ? ORDER BY n',
    );
    this.#next = database.prepare<[number], StoredPart>(
      "SELECT * FROM delivery_parts WHERE delivery_seq = ? AND state <> 'delivered' ORDER BY n LIMIT 1",
    );
    this.#sending = database.prepare<[{ seq: number; n: number }]>(
      "UPDATE delivery_parts SET state = 'sending' WHERE delivery_seq = :seq AND n = :n",
    );
    this.#arrived = database.prepare<[{ seq: number; n: number; messageId: number }]>(`
      UPDATE delivery_parts SET state = 'delivered', message_id = :messageId
      WHERE delivery_seq = :seq AND n = :n`);
    this.#again = database.prepare<[{ seq: number; n: number; doubtful: 0 | 1 }]>(`
      UPDATE delivery_parts SET state = 'queued', maybe_duplicate = max(maybe_duplicate, :doubtful)
      WHERE delivery_seq = :seq AND n = :n AND state = 'sending'`);
    this.#plain = database.prepare<[{ seq: number; n: number }]>(
      'UPDATE delivery_parts SET plain = 1 WHERE delivery_seq = :seq AND n = :n',
    );
    this.#recover = database.prepare<[]>(
      "UPDATE delivery_parts SET state = 'queued', maybe_duplicate = 1 WHERE state = 'sending'",
    );
  }

  /** Fix the messages of a delivery. */
  plan(seq: number, parts: readonly MessagePart[]): void {
    this.#database.transaction(() => {
      for (const [n, { kind, text, entities }] of parts.entries())
        this.#insert.run({ seq, n, kind, text, entities: JSON.stringify(entities) });
    })();
  }

  /** In their order; none before they are planned. */
  of(seq: number): PartRow[] {
    return this.#of.all(seq).map(read);
  }

  /** The first that has not arrived. */
  next(seq: number): PartRow | undefined {
    const part = this.#next.get(seq);
    return part === undefined ? undefined : read(part);
  }

  /** From here on it may be in the chat. */
  markSending(seq: number, n: number): void {
    this.#sending.run({ seq, n });
  }

  markArrived(seq: number, n: number, messageId: number): void {
    this.#arrived.run({ seq, n, messageId });
  }

  /** @param doubtful it may have arrived nevertheless */
  sendAgain(seq: number, n: number, doubtful: boolean): void {
    this.#again.run({ seq, n, doubtful: doubtful ? 1 : 0 });
  }

  /** Leave its entities out from now on. */
  makePlain(seq: number, n: number): void {
    this.#plain.run({ seq, n });
  }

  /** After a crash: whether what was being sent has arrived is not known. */
  recover(): void {
    this.#recover.run();
  }
}
