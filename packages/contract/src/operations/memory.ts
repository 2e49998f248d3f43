import { z } from 'zod';
import { BotId, defaultBotId } from '../ids.ts';
import { defineOperation } from '../operation.ts';
import { nonBlankText, plainText } from '../text.ts';
import { distance, Explanation, SearchMode, searchHeaders } from './search.ts';

const timestamp = z.string().describe('ISO 8601 with offset.');

export const Memory = z.object({
  id: z.int(),
  key: z.string().describe('Its name; a bot has each once.'),
  content: z.string(),
  category: z.string(),
  created_at: timestamp,
  updated_at: timestamp,
  bot_id: z.string(),
});
export type Memory = z.infer<typeof Memory>;

export const MemoryHit = Memory.extend({ distance, explain: Explanation.optional() });
export type MemoryHit = z.infer<typeof MemoryHit>;

const memoryId = z.int().min(1);
const ofBot = BotId.default(defaultBotId);

export const listMemories = defineOperation({
  id: 'listMemories',
  method: 'GET',
  path: '/api/memory',
  tag: 'memory',
  access: 'bot',
  summary: 'List the memories of a bot, the one changed last first',
  input: z.object({
    category: plainText.optional().describe('Only this category; empty or absent: all.'),
    bot_id: ofBot,
  }),
  output: { kind: 'json', status: 200, schema: z.array(Memory) },
  errors: [],
  mcp: {
    name: 'list_memories',
    title: 'List memories',
    description:
      'List everything that is remembered, what changed last first. To find something, search_memory is shorter.',
    chat: 'memory',
    resource: 'memory://all',
  },
});

export const addMemory = defineOperation({
  id: 'addMemory',
  method: 'POST',
  path: '/api/memory',
  tag: 'memory',
  access: 'bot',
  summary: 'Keep something in mind',
  input: z.object({
    key: nonBlankText,
    content: nonBlankText,
    category: nonBlankText.default('general'),
    bot_id: ofBot,
  }),
  output: { kind: 'json', status: 201, schema: z.object({ id: z.int() }) },
  errors: ['conflict', 'database_unavailable'],
  mcp: {
    name: 'add_memory',
    title: 'Remember something',
    description:
      'Remember something for good, in all chats of the bot, such as a fact, a preference or a decision. `key` is ' +
      'a short name of what it is about; each exists once: to change what is remembered, use update_memory.',
    chat: 'memory',
  },
});

export const updateMemory = defineOperation({
  id: 'updateMemory',
  method: 'PUT',
  path: '/api/memory/{memory_id}',
  tag: 'memory',
  access: 'bot',
  summary: 'Change the content or the category of a memory',
  input: z.object({
    memory_id: memoryId,
    content: nonBlankText.nullish(),
    category: nonBlankText.nullish(),
  }),
  output: { kind: 'json', status: 200, schema: Memory },
  errors: ['not_found', 'database_unavailable'],
  mcp: {
    name: 'update_memory',
    title: 'Change a memory',
    description:
      'Replace the content or the category of a memory, by the id that search_memory and list_memories give. ' +
      'What is left out stays.',
    idempotent: true,
    chat: 'memory',
  },
});

export const deleteMemory = defineOperation({
  id: 'deleteMemory',
  method: 'DELETE',
  path: '/api/memory/{memory_id}',
  tag: 'memory',
  access: 'bot',
  audit: 'deletes',
  summary: 'Forget a memory; its key may be used again',
  input: z.object({ memory_id: memoryId }),
  output: { kind: 'json', status: 200, schema: z.object({ deleted: z.literal(true) }) },
  errors: ['not_found', 'database_unavailable'],
  mcp: {
    name: 'delete_memory',
    title: 'Forget a memory',
    description:
      'Forget a memory for good, by the id that search_memory and list_memories give. Only when the user wants it.',
    destructive: true,
    chat: 'memory',
  },
});

export const searchMemories = defineOperation({
  id: 'searchMemories',
  method: 'GET',
  path: '/api/memory/search',
  tag: 'memory',
  access: 'bot',
  summary: 'Find memories of a bot, best first',
  input: z.object({
    q: nonBlankText.describe('What to look for.'),
    limit: z.int().min(1).max(200).default(10),
    bot_id: ofBot,
    mode: SearchMode.default('hybrid'),
    explain: z.boolean().default(false).describe('Show ranks and scores of each hit.'),
  }),
  output: { kind: 'json', status: 200, schema: z.array(MemoryHit), headers: searchHeaders },
  errors: [],
  mcp: {
    name: 'search_memory',
    title: 'Search memories',
    description:
      'Find what is remembered about something, best first, by words and by meaning. Look here before you say ' +
      'that you do not know something about the user, and before you remember something new.',
    rename: { query: 'q' },
    defaults: { limit: 5 },
    omit: ['explain'],
    chat: 'memory',
  },
});
