import { describe, expect, test } from 'vitest';
import { errorCatalogue } from '../errors.ts';
import { chatFields } from '../mcp-tool.ts';
import { type Operation, pathFields, placeOf } from '../operation.ts';
import * as operations from './index.ts';

const all: [string, Operation][] = Object.entries<Operation>(operations);

/** As existing clients call them. */
const wire: Record<string, string> = {
  sendMessage: 'POST /api/gateway/send',
  streamMessage: 'POST /api/gateway/send-stream',
  stopChat: 'POST /api/gateway/stop',
  listSessions: 'GET /api/gateway/sessions',
  resetSession: 'POST /api/gateway/sessions/{chat_id}/reset',
  reapSessions: 'POST /api/gateway/sessions/reap',
  queueStatus: 'GET /api/gateway/queue-status/{chat_id}',
  listChatSessions: 'GET /api/chat/sessions',
  getChatSession: 'GET /api/chat/sessions/{session_id}',
  addChatMessage: 'POST /api/chat/messages',
  listCronJobs: 'GET /api/cron',
  createCronJob: 'POST /api/cron',
  updateCronJob: 'PUT /api/cron/{job_id}',
  deleteCronJob: 'DELETE /api/cron/{job_id}',
  runCronJob: 'POST /api/cron/{job_id}/run',
  cronHistory: 'GET /api/cron/{job_id}/history',
  ping: 'GET /api/health',
  health: 'GET /health',
};

test('every operation has the method and path that existing clients use', () => {
  const said = all.map(([id, { method, path }]) => [id, `${method} ${path}`]);
  expect(Object.fromEntries(said)).toMatchObject(wire);
});

/** Change something, and yet nothing that the audit must tell: say why. */
const notAudited: Record<string, string> = {
  resetSession: 'ends a process; nothing is lost',
  reapSessions: 'ends processes that nobody uses',
  cancelTurn: 'ends a turn, and keeps what was said',
  addChatMessage: 'adds a row to the history',
  addMemory: 'adds a memory',
  updateMemory: 'changes what Claude is told, and runs nothing',
  cancelTask: 'ends a task, and keeps what was said',
  setAway: 'decides when a chat is told things',
  stopAwayWork: 'begins nothing more',
  stopAwayIssue: 'ends a task, and keeps what was done',
  sendFile: 'sends a chat what is its own',
  retryDelivery: 'sends what was to be sent',
  pauseCronJob: 'runs and deletes nothing',
  acknowledgeCronIncident: 'marks what was seen',
  stopReportRun: 'ends a run, and keeps what was made',
  makeBackup: 'copies what there is, for the owner; what is removed are older copies',
  refreshMetrics: 'looks',
  pushMetrics: 'sends what everybody may see to where the owner decided',
};

test('of every operation that changes something it is decided whether the audit tells of it', () => {
  const changing = all.filter(([, { method }]) => method !== 'GET');
  const undecided = changing.filter(
    ([id, { audit }]) => audit === undefined && !(id in notAudited),
  );
  expect(undecided.map(([id]) => id)).toEqual([]);
  for (const [id, { method, audit }] of all) {
    if (method === 'GET') expect(audit, id).toBeUndefined();
    if (method === 'DELETE') expect(audit, id).toMatch(/^(deletes|changes access)$/);
  }
});

test('no two operations share an id, or a method and path', () => {
  expect(new Set(all.map(([, { id }]) => id)).size).toBe(all.length);
  // `/a/{x}` and `/a/{y}` are one address.
  const addresses = all.map(
    ([, { method, path }]) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`,
  );
  expect(new Set(addresses).size).toBe(all.length);
});

/** As people's configurations and allow-lists name them. */
const knownTools = [
  'health_check',
  'list_cron_jobs',
  'create_cron_job',
  'update_cron_job',
  'delete_cron_job',
  'run_cron_job',
  'get_cron_job_history',
  'add_memory',
  'update_memory',
  'delete_memory',
  'list_memories',
  'search_memory',
  'list_chat_sessions',
  'get_chat_session',
  'search_chat_history',
  'send_gateway_message',
  'send_background_message',
  'get_background_status',
  'list_gateway_sessions',
  'stop_gateway_session',
  'reset_gateway_session',
  'set_nirmana_mode',
  'get_nirmana_state',
];

test('every tool that configurations name is there, and none is there twice', () => {
  const names = all.flatMap(([, { mcp }]) => (mcp === undefined ? [] : [mcp.name]));
  expect(names).toEqual(expect.arrayContaining(knownTools));
  expect(new Set(names).size).toBe(names.length);
});

describe.each(all)('%s', (name, operation) => {
  test('is listed under its own id', () => {
    expect(operation.id).toBe(name);
  });

  test('has in its input each field of its path, and each one that it gives a place or a header', () => {
    const fields = Object.keys(operation.input.shape);
    expect(fields).toEqual(expect.arrayContaining(pathFields(operation.path)));
    expect(fields).toEqual(expect.arrayContaining(Object.keys(operation.places ?? {})));
    expect(fields).toEqual(expect.arrayContaining(Object.keys(operation.headers ?? {})));
  });

  test('needs each field of its path', () => {
    const parsed = operation.input.safeParse({});
    const missing = parsed.error?.issues.map(({ path }) => path[0]) ?? [];
    expect(missing).toEqual(expect.arrayContaining(pathFields(operation.path)));
  });

  test('asks for no body where HTTP has none', () => {
    if (operation.method === 'POST' || operation.method === 'PUT') return;
    for (const field of Object.keys(operation.input.shape)) {
      expect(['path', 'query']).toContain(placeOf(operation, field));
    }
  });

  test('as a tool, speaks of fields that it has, and says nothing against its method', () => {
    const { mcp } = operation;
    if (mcp === undefined) return;
    const fields = Object.keys(operation.input.shape);
    const named = [
      ...(mcp.omit ?? []),
      ...(mcp.omitInChat ?? []),
      ...Object.values(mcp.rename ?? {}),
      ...Object.keys(mcp.defaults ?? {}),
      ...[...(mcp.resource ?? '').matchAll(/\{(\w+)\}/g)].map(([, field]) => field),
    ];
    expect(fields).toEqual(expect.arrayContaining(named));
    for (const argument of Object.keys(mcp.rename ?? {})) expect(fields).not.toContain(argument);
    if (operation.method === 'GET')
      expect([mcp.destructive, mcp.idempotent]).toEqual([undefined, undefined]);
    if (operation.method === 'DELETE') expect(mcp.destructive).toBe(true);
    // In a chat nothing is reached that is not that chat's, or its bot's.
    if (mcp.chat !== undefined) expect(operation.access).not.toBe('owner');
    // A default in the input is one for callers outside; a secret is nothing that Claude has to give.
    const inChat = fields.filter(
      (field) => !chatFields.some((own) => own === field) && !mcp.omitInChat?.includes(field),
    );
    if (mcp.chat !== undefined) expect(inChat.filter((field) => /token$/.test(field))).toEqual([]);
  });

  test('names each of its errors once, and only ones that are in the catalogue', () => {
    expect(new Set(operation.errors).size).toBe(operation.errors.length);
    for (const code of operation.errors) expect(errorCatalogue).toHaveProperty(code);
  });
});

describe('inputs', () => {
  test('a message needs a chat and something said; the rest has defaults', () => {
    const { input } = operations.sendMessage;
    expect(input.parse({ chat_id: '1', message: 'hi' })).toEqual({
      chat_id: '1',
      message: 'hi',
      bot_id: 'default',
    });
    const nobody = { chat_id: '1', message: 'hi', user_id: null, username: null };
    expect(input.parse(nobody)).toEqual({ ...nobody, bot_id: 'default' });
    for (const bad of [{ chat_id: '1' }, { message: 'hi' }, { chat_id: '1', message: ' ' }]) {
      expect(input.safeParse(bad).success).toBe(false);
    }
    expect(input.safeParse({ chat_id: 1, message: 'hi' }).success).toBe(false);
    expect(input.safeParse({ chat_id: '1', message: 'hi', user_id: 7 }).success).toBe(false);
  });

  test('both ways to send a message take the same', () => {
    expect(operations.streamMessage.input).toBe(operations.sendMessage.input);
  });

  test('a conversation is read whole unless a limit is set', () => {
    const { input } = operations.getChatSession;
    expect(input.parse({ session_id: 'gw-a-b' })).toEqual({ session_id: 'gw-a-b', limit: 0 });
    for (const limit of [-1, 1.5, '3', Number.NaN]) {
      expect(input.safeParse({ session_id: 'gw-a-b', limit }).success).toBe(false);
    }
  });

  test('a history message is of the user or of the assistant, from Telegram unless said', () => {
    const { input } = operations.addChatMessage;
    const row = { session_id: 's', role: 'user', content: 'hi' };
    expect(input.parse(row)).toEqual({ ...row, source: 'telegram', bot_id: 'default' });
    expect(input.safeParse({ ...row, role: 'system' }).success).toBe(false);
    expect(input.parse({ ...row, telegram_chat_id: -1001234567890 }).telegram_chat_id).toBe(
      -1001234567890,
    );
    expect(input.safeParse({ ...row, telegram_chat_id: 1.5 }).success).toBe(false);
  });
});
