import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { CallToolResultSchema, type Progress } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';

/** The command `mini-claude-bot`. */
export const program = fileURLToPath(
  new URL('../../packages/gateway/bin/mini-claude-bot.js', import.meta.url),
);

const Result = z.object({
  isError: z.boolean().default(false),
  structuredContent: z.record(z.string(), z.unknown()).optional(),
  content: z.array(z.object({ type: z.string(), text: z.string().default('') })),
  _meta: z.record(z.string(), z.unknown()).optional(),
});

/** What a tool answered. */
export interface Answered {
  readonly isError: boolean;
  readonly text: string;
  readonly structured: Record<string, unknown> | undefined;
  readonly code: unknown;
}

/** The official client, connected. */
export interface TestMcpClient {
  readonly client: Client;
  readonly call: (
    name: string,
    given?: Record<string, unknown>,
    options?: { signal?: AbortSignal; onprogress?: (progress: Progress) => void },
  ) => Promise<Answered>;
  readonly close: () => Promise<void>;
}

async function connected(transport: Transport): Promise<TestMcpClient> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  // Checks structured results against the schemas of the list.
  await client.listTools();
  return {
    client,
    call: async (name, given = {}, options = {}) => {
      const result = Result.parse(
        await client.callTool({ name, arguments: given }, CallToolResultSchema, options),
      );
      return {
        isError: result.isError,
        text: result.content.map(({ text }) => text).join('\n'),
        structured: result.structuredContent,
        code: result._meta?.['mini-claude-bot/error'],
      };
    },
    close: () => client.close(),
  };
}

/** Start the server as Claude Code does, and speak with it. */
export const overStdio = (env: Readonly<Record<string, string>>): Promise<TestMcpClient> =>
  connected(
    new StdioClientTransport({
      command: process.execPath,
      args: [program, 'mcp'],
      env: { PATH: process.env.PATH ?? '', ...env },
      stderr: 'pipe',
    }),
  );

export const overHttp = (url: string, token?: string): Promise<TestMcpClient> =>
  connected(
    new StreamableHTTPClientTransport(new URL('/mcp', url), {
      requestInit: token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
    }) as Transport,
  );
