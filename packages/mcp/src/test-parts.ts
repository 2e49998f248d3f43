import type { Client } from '@mini-claude-bot/client';
import type { Operation } from '@mini-claude-bot/contract';
import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { onTestFinished } from 'vitest';
import { contractTools, createMcpServer, type McpServerParts } from './server.ts';
import type { Scope } from './speaker.ts';

/** A client of the gateway that answers what a test says, and remembers what was asked. */
export interface FakeGateway {
  readonly client: Client;
  readonly asked: { readonly id: string; readonly input: unknown }[];
}

/** @param answer of an operation that answers JSON @param events of one that streams */
export function fakeGateway(
  answer: (operation: Operation, signal: AbortSignal | undefined) => unknown,
  events: (input: unknown, signal: AbortSignal | undefined) => AsyncIterable<unknown> = none,
): FakeGateway {
  const asked: { id: string; input: unknown }[] = [];
  const client = {
    call: async (operation: Operation, input: unknown, signal?: AbortSignal) => {
      asked.push({ id: operation.id, input });
      return answer(operation, signal);
    },
    stream: async function* (operation: Operation, input: unknown, signal?: AbortSignal) {
      asked.push({ id: operation.id, input });
      yield* events(input, signal);
    },
  };
  // Tests say what fits the operations that they use.
  return { client: client as Client, asked };
}

async function* none(): AsyncGenerator<unknown> {}

/** Time that passes when a test says so. */
export class TestTime {
  readonly #timers = new Set<{ atMs: number; callback: () => void }>();
  #nowMs = 0;

  readonly now = (): number => this.#nowMs;

  readonly after = (ms: number, callback: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  };

  pass(ms: number): void {
    this.#nowMs += ms;
    for (const timer of [...this.#timers]) {
      if (timer.atMs > this.#nowMs) continue;
      this.#timers.delete(timer);
      timer.callback();
    }
  }
}

export const scopeOf = (client: Client, scope: Partial<Scope> = {}): Scope => ({
  bound: [],
  offers: () => true,
  speaker: () => ({ client, bound: {} }),
  ...scope,
});

export const partsOf = (scope: Scope, parts: Partial<McpServerParts> = {}): McpServerParts => ({
  version: '1.0.0',
  instructions: 'Tools of a test.',
  scope,
  after: () => () => {},
  callMs: 30_000,
  claudeMs: 960_000,
  tools: contractTools(scope),
  newKey: () => 'key',
  onFault: (error) => {
    throw error;
  },
  ...parts,
});

/** The official client, connected to a server of these parts. */
export async function connectTo(parts: McpServerParts): Promise<McpClient> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair();
  const client = new McpClient({ name: 'test', version: '1.0.0' });
  await Promise.all([createMcpServer(parts).connect(ours), client.connect(theirs)]);
  onTestFinished(() => client.close());
  return client;
}
