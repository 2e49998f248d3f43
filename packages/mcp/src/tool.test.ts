import { BotId, defaultBotId, defineOperation, type Operation } from '@mini-claude-bot/contract';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Scope } from './speaker.ts';
import { connectTo, fakeGateway, partsOf, scopeOf } from './test-parts.ts';
import { toolsOf } from './tool.ts';

const Note = z.object({ id: z.int(), text: z.string() });

/** Operations as a part of the gateway might bring them. */
const operations: readonly Operation[] = [
  defineOperation({
    id: 'searchNotes',
    method: 'GET',
    path: '/api/notes',
    tag: 'chat',
    access: 'bot',
    summary: 'Find notes',
    input: z.object({
      q: z.string().min(1).describe('What to look for.'),
      limit: z.int().min(1).default(10),
      bot_id: BotId.default(defaultBotId),
      cursor: z.string().optional(),
      etag: z.string().optional(),
    }),
    headers: { etag: 'If-None-Match' },
    output: { kind: 'json', status: 200, schema: z.array(Note) },
    errors: [],
    mcp: {
      name: 'search_notes',
      title: 'Find notes',
      rename: { query: 'q' },
      defaults: { limit: 5 },
      omit: ['cursor'],
      chat: 'memory',
    },
  }),
  defineOperation({
    id: 'listNotes',
    method: 'GET',
    path: '/api/notes/all',
    tag: 'chat',
    access: 'bot',
    summary: 'List notes',
    description: 'Newest first.',
    input: z.object({ bot_id: BotId.optional() }),
    output: { kind: 'json', status: 200, schema: z.array(Note) },
    errors: [],
    mcp: {
      name: 'list_notes',
      title: 'List notes',
      resource: 'notes://all',
      lists: 'note://{id}',
    },
  }),
  defineOperation({
    id: 'getNote',
    method: 'GET',
    path: '/api/notes/{id}',
    tag: 'chat',
    access: 'bot',
    summary: 'One note',
    input: z.object({ id: z.coerce.number<string>() }),
    output: { kind: 'json', status: 200, schema: Note },
    errors: [],
    mcp: { name: 'get_note', title: 'One note', resource: 'note://{id}' },
  }),
  defineOperation({
    id: 'dropNote',
    method: 'DELETE',
    path: '/api/notes/{id}',
    tag: 'chat',
    access: 'owner',
    summary: 'Drop a note',
    input: z.object({ id: z.int() }),
    output: {
      kind: 'json',
      status: 200,
      schema: z.union([z.object({ dropped: z.literal(true) }), z.object({ kept: z.string() })]),
    },
    errors: [],
    mcp: { name: 'drop_note', title: 'Drop a note', destructive: true },
  }),
  defineOperation({
    id: 'notATool',
    method: 'GET',
    path: '/api/other',
    tag: 'chat',
    access: 'bot',
    summary: 'Something else',
    input: z.object({}),
    output: { kind: 'json', status: 200, schema: z.object({}) },
    errors: [],
  }),
];

const answers: Record<string, unknown> = {
  searchNotes: [{ id: 1, text: 'one' }],
  listNotes: Array.from({ length: 250 }, (_, n) => ({ id: n, text: `note ${n}` })),
  getNote: { id: 7, text: 'seven' },
  dropNote: { dropped: true },
};
const partsWith = (scope: Scope, of: readonly Operation[] = operations) =>
  partsOf(scope, { tools: toolsOf(of, scope) });

const gateway = () => fakeGateway(({ id }) => answers[id]);

test('an operation becomes a tool: arguments are its fields, less those that are not for callers', async () => {
  const { client } = gateway();
  const mcp = await connectTo(partsWith(scopeOf(client)));
  const { tools } = await mcp.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    'search_notes',
    'list_notes',
    'get_note',
    'drop_note',
    'read_more',
  ]);
  expect(tools[0]?.inputSchema).toEqual({
    type: 'object',
    properties: {
      query: { type: 'string', minLength: 1, description: 'What to look for.' },
      limit: { type: 'integer', minimum: 1, default: 5 },
      bot_id: expect.objectContaining({ type: 'string', default: 'default' }),
    },
    required: ['query'],
    additionalProperties: false,
  });
  expect(tools[1]?.description).toBe('List notes. Newest first.');
  expect(tools[3]?.annotations).toEqual({
    title: 'Drop a note',
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: false,
  });
});

test('arguments go to the fields that they stand for, with the defaults of the tool', async () => {
  const { client, asked } = gateway();
  const scope = scopeOf(client, { defaultBot: 'hero' });
  const mcp = await connectTo(partsWith(scope));
  await mcp.listTools();
  const result = await mcp.callTool({ name: 'search_notes', arguments: { query: 'x' } });
  expect(result.structuredContent).toEqual({ items: [{ id: 1, text: 'one' }], total: 1 });
  await mcp.callTool({ name: 'search_notes', arguments: { query: 'x', limit: 9, bot_id: 'b' } });
  await mcp.callTool({ name: 'list_notes', arguments: { bot_id: null } });
  const dropped = await mcp.callTool({ name: 'drop_note', arguments: { id: 3 } });
  expect(dropped.structuredContent).toEqual({ dropped: true });
  expect(asked).toEqual([
    { id: 'searchNotes', input: { q: 'x', limit: 5, bot_id: 'hero' } },
    { id: 'searchNotes', input: { q: 'x', limit: 9, bot_id: 'b' } },
    { id: 'listNotes', input: {} },
    { id: 'dropNote', input: { id: 3 } },
  ]);
});

test.each([
  [{}, 'search_notes was not called. query: is required.'],
  [{ query: '' }, /query: Too small/],
  [{ query: 'x', limit: 0 }, /limit: Too small/],
  [{ query: 'x', limit: null }, undefined],
  [{ q: 'x' }, 'There is no argument "q". There are: query, limit, bot_id.'],
  [{ query: 'x', etag: 'e' }, /no argument "etag"/],
  [{ query: 'x', cursor: 'c' }, /no argument "cursor"/],
])('arguments %j are refused with %s', async (given, words) => {
  const { client, asked } = gateway();
  const mcp = await connectTo(partsWith(scopeOf(client)));
  const result = await mcp.callTool({ name: 'search_notes', arguments: given });
  if (words === undefined) return expect(asked).toHaveLength(1);
  expect(result).toMatchObject({
    isError: true,
    content: [
      { text: typeof words === 'string' ? words : (expect.stringMatching(words) as string) },
    ],
  });
  expect(asked).toEqual([]);
});

test('what is bound is no argument, and goes with every call', async () => {
  const { client, asked } = gateway();
  const scope = scopeOf(client, {
    bound: ['bot_id', 'chat_id'],
    defaultBot: 'other',
    speaker: () => ({ client, bound: { bot_id: 'hero', chat_id: '1' } }),
  });
  const mcp = await connectTo(partsWith(scope));
  const { tools } = await mcp.listTools();
  expect(JSON.stringify(tools.map(({ inputSchema }) => inputSchema))).not.toContain('bot_id');
  await mcp.callTool({ name: 'search_notes', arguments: { query: 'x' } });
  const named = await mcp.callTool({
    name: 'search_notes',
    arguments: { query: 'x', bot_id: 'other' },
  });
  expect(named.isError).toBe(true);
  expect(asked).toEqual([{ id: 'searchNotes', input: { q: 'x', limit: 5, bot_id: 'hero' } }]);
});

test('what is omitted inside chats is neither an argument there nor put in', async () => {
  const { client, asked } = gateway();
  const [search] = operations;
  if (search?.mcp === undefined) throw new Error('there is no such operation');
  const inChat = [{ ...search, mcp: { ...search.mcp, omitInChat: ['bot_id'] } }];
  const scope = scopeOf(client, {
    insideChat: true,
    bound: ['bot_id'],
    speaker: () => ({ client, bound: { bot_id: 'hero' } }),
  });
  const mcp = await connectTo(partsWith(scope, inChat));
  await mcp.callTool({ name: 'search_notes', arguments: { query: 'x' } });
  const outside = await connectTo(partsWith({ ...scope, insideChat: false }, inChat));
  await outside.callTool({ name: 'search_notes', arguments: { query: 'x' } });
  expect(asked.map(({ input }) => input)).toEqual([
    { q: 'x', limit: 5 },
    { q: 'x', limit: 5, bot_id: 'hero' },
  ]);
});

test('only what the scope offers is a tool', async () => {
  const { client } = gateway();
  const scope = scopeOf(client, { offers: ({ access }) => access !== 'owner' });
  const mcp = await connectTo(partsWith(scope));
  await expect(mcp.callTool({ name: 'drop_note', arguments: { id: 1 } })).rejects.toThrow(
    'There is no tool "drop_note"',
  );
});

test('resources are listed page by page, and read by the operation that they are the answer of', async () => {
  const { client, asked } = gateway();
  const mcp = await connectTo(partsWith(scopeOf(client)));
  const uris: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await mcp.listResources(cursor === undefined ? {} : { cursor });
    uris.push(...page.resources.map(({ uri }) => uri));
    cursor = page.nextCursor;
    pages += 1;
  } while (cursor !== undefined);
  expect(pages).toBe(3);
  expect(uris).toEqual(['notes://all', ...Array.from({ length: 250 }, (_, n) => `note://${n}`)]);
  asked.length = 0;
  const { contents } = await mcp.readResource({ uri: 'note://7' });
  expect(contents).toEqual([
    {
      uri: 'note://7',
      mimeType: 'application/json',
      text: JSON.stringify({ id: 7, text: 'seven' }),
    },
  ]);
  expect(asked).toEqual([{ id: 'getNote', input: { id: '7' } }]);
  for (const uri of ['note://', 'note://7/8', 'note://%', 'xnote://7', 'notes://'])
    await expect(mcp.readResource({ uri })).rejects.toMatchObject({ code: -32002 });
});

test('inside a chat there are tools alone, all of them in sight', async () => {
  const { client } = gateway();
  const scope = scopeOf(client, {
    insideChat: true,
    offers: ({ mcp: tool }) => tool?.chat === 'memory',
  });
  const mcp = await connectTo(partsWith(scope));
  expect(mcp.getServerCapabilities()).toEqual({ tools: {} });
  const { tools } = await mcp.listTools();
  expect(tools.map(({ name, _meta }) => [name, _meta])).toEqual([
    ['search_notes', { 'anthropic/alwaysLoad': true }],
    ['read_more', { 'anthropic/alwaysLoad': true }],
  ]);
});

test('each kind of a result may be cut, and says where the rest is', async () => {
  const { client } = fakeGateway(() => ({ kept: 'x'.repeat(30_000) }));
  const mcp = await connectTo(partsWith(scopeOf(client)));
  // From here on the client checks each result against the schema of its tool.
  await mcp.listTools();
  const { structuredContent } = await mcp.callTool({ name: 'drop_note', arguments: { id: 7 } });
  expect(structuredContent).toMatchObject({ kept: expect.any(String), more: { part: 1 } });
});
