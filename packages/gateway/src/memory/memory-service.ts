import { type BotId, GatewayError, type Memory } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import type { MemoryRepo, NewMemory } from './memory-repo.ts';
import {
  type Imported,
  importMemories,
  readMemories,
  type TransferFormat,
  writeMemories,
} from './memory-transfer.ts';

export interface MemoryServiceParts {
  readonly repo: MemoryRepo;
  readonly clock: Clock;
  /** Called when something was written, so that it is soon found. */
  readonly onWritten: () => void;
}

/** What bots keep in mind. */
export class MemoryService {
  readonly #parts: MemoryServiceParts;

  constructor(parts: MemoryServiceParts) {
    this.#parts = parts;
  }

  list(botId: BotId, category: string | undefined): Memory[] {
    return this.#parts.repo.list(botId, category === '' ? undefined : category);
  }

  /** @throws GatewayError `conflict` where the bot has that key */
  add(memory: Omit<NewMemory, 'at'>): number {
    const id = this.#parts.repo.add({ ...memory, at: this.#now() });
    if (id === undefined) {
      const words = `The bot ${memory.botId} has a memory with this key already; change that one, or delete it first.`;
      throw new GatewayError('conflict', words);
    }
    this.#parts.onWritten();
    return id;
  }

  /** @throws GatewayError `not_found` */
  update(
    id: number,
    botId: BotId | undefined,
    change: { readonly content: string | undefined; readonly category: string | undefined },
  ): Memory {
    const { repo, onWritten } = this.#parts;
    if (!repo.update(id, botId, { ...change, at: this.#now() })) throw unknown();
    onWritten();
    const memory = repo.find(id, botId);
    if (memory === undefined) throw unknown();
    return memory;
  }

  /** @throws GatewayError `not_found` */
  delete(id: number, botId: BotId | undefined): void {
    if (!this.#parts.repo.delete(id, botId)) throw unknown();
    this.#parts.onWritten();
  }

  /** All of a bot's as one text. */
  async export(
    botId: BotId,
    format: TransferFormat,
  ): Promise<{ readonly count: number; readonly content: string }> {
    const memories = this.#parts.repo.list(botId, undefined);
    return { count: memories.length, content: await writeMemories(memories, format) };
  }

  /** Take such a text: all of it, or nothing. @throws GatewayError `invalid_input` */
  async import(
    botId: BotId,
    { content, format }: { readonly content: string; readonly format: TransferFormat },
    how: { readonly onConflict: 'skip' | 'replace'; readonly dryRun: boolean },
  ): Promise<Imported> {
    const memories = await readMemories(content, format);
    const { repo, onWritten } = this.#parts;
    const imported = importMemories(repo, botId, memories, { ...how, at: this.#now() });
    if (!how.dryRun) onWritten();
    return imported;
  }

  /** In the form that the old system wrote. */
  #now(): string {
    return new Date(this.#parts.clock.now()).toISOString().replace('Z', '+00:00');
  }
}

const unknown = (): GatewayError =>
  new GatewayError('not_found', 'There is no memory with this id.');
