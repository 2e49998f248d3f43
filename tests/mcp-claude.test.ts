import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findClaude } from '@mini-claude-bot/claude';
import { operations } from '@mini-claude-bot/contract';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { addDelivery } from './support/add-delivery.ts';
import { program } from './support/mcp-client.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
let claude: string;
beforeAll(async () => {
  gateway = await startTestGateway();
  claude = await findClaude(undefined);
  addDelivery(gateway.home, { dead: true });
});
afterAll(() => gateway.stop());

/** The home of somebody who uses Claude Code on this machine. */
let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'mcb-mcp-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

const environment = (): Record<string, string> => ({
  PATH: process.env.PATH ?? '',
  HOME: home,
  MCB_API_BASE: `${gateway.url}/api`,
  ANTHROPIC_BASE_URL: gateway.fake.url,
  ANTHROPIC_API_KEY: 'sk-ant-test',
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  DISABLE_AUTOUPDATER: '1',
  IS_SANDBOX: '1',
  // The server is there before the first message goes out.
  MCP_CONNECTION_NONBLOCKING: '0',
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (file: string, words: readonly string[]): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(
      file,
      words,
      { cwd: home, env: environment(), maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
    child.stdin?.end();
  });

const mcb = (...words: string[]): Promise<Ran> => run(process.execPath, [program, ...words]);

/** Have the real Claude Code do something, in one go. */
const ask = (prompt: string): Promise<Ran> =>
  run(claude, ['-p', prompt, '--permission-mode', 'bypassPermissions', '--output-format', 'text']);

const Configuration = z.object({
  mcpServers: z.record(z.string(), z.unknown()).default({}),
});
const configured = () =>
  Configuration.parse(JSON.parse(readFileSync(join(home, '.claude.json'), 'utf8'))).mcpServers;

/** What each tool is called with. A new one without an entry fails. */
const examples: Readonly<Record<string, object>> = {
  health_check: {},
  send_gateway_message: { chat_id: '1', message: 'Hello there' },
  list_gateway_sessions: {},
  get_queue_status: { chat_id: '1' },
  list_turns: { limit: 1 },
  get_turn: { turn_id: 'TURN' },
  cancel_turn: { turn_id: 'TURN' },
  list_chat_sessions: {},
  get_chat_session: { session_id: 'gw-default-1', limit: 1 },
  search_chat_history: { query: 'first' },
  get_search_status: {},
  list_memories: {},
  add_memory: { key: 'pet', content: 'The cat is called Mia.' },
  search_memory: { query: 'cat' },
  update_memory: { memory_id: 'MEMORY', content: 'Tea without sugar.' },
  delete_memory: { memory_id: 'MEMORY' },
  preview_cron: { expression: '30 9 * * 1-5', timezone: 'Europe/Berlin' },
  create_cron_job: { name: 'tidy', cron_expression: '@yearly', command: 'true' },
  list_cron_jobs: {},
  get_cron_job: { job_id: 'JOB' },
  update_cron_job: { job_id: 'JOB', name: 'renamed' },
  run_cron_job: { job_id: 'JOB' },
  get_cron_job_history: { job_id: 'JOB' },
  list_cron_incidents: { open: true },
  acknowledge_cron_incident: { incident_id: 'INCIDENT' },
  delete_cron_job: { job_id: 'JOB' },
  send_background_message: { chat_id: '1', message: 'Count the sheep' },
  get_background_status: { chat_id: '1' },
  get_harness_status: { chat_id: '1' },
  list_tasks: {},
  get_task: { task_id: 'TASK' },
  cancel_task: { task_id: 'TASK' },
  set_nirmana_mode: { chat_id: '1', action: 'away' },
  get_nirmana_state: { chat_id: '1' },
  list_deliveries: {},
  send_file: { chat_id: '1', path: 'note.txt' },
  get_delivery: { delivery_id: 'DELIVERY' },
  retry_delivery: { delivery_id: 'DELIVERY' },
  get_metrics: {},
  reap_gateway_sessions: {},
  reset_gateway_session: { chat_id: '1' },
  stop_gateway_session: { chat_id: '1' },
};

/** Something of each kind that tools name by its id. */
async function rowsToName() {
  const { client } = gateway;
  const memory = await client.call(operations.addMemory, { key: 'tea', content: 'With sugar.' });
  const job = await client.call(operations.createCronJob, {
    name: 'failing',
    cron_expression: '@yearly',
    command: 'exit 1',
    alert_after: 1,
  });
  await client.call(operations.runCronJob, { job_id: job.id });
  const [incident] = await client.call(operations.listCronIncidents, {});
  const task = await client.call(operations.startTask, { chat_id: '2', message: '[[text:Done.]]' });
  if (incident === undefined || task.status !== 'started') throw new Error('nothing was begun');
  return { memory: memory.id, job: job.id, incident: incident.id, task: task.task_id };
}

test('Claude Code has the tools once they are installed, and not any more when they are taken out', async () => {
  const asked = await mcb('mcp', 'install', '--bot', 'default');
  expect(asked).toMatchObject({ code: 1, stdout: expect.stringContaining('--yes') });
  expect(asked.stdout).toMatch(
    /claude mcp add --scope user mini-claude-bot -e MCB_API_BASE=\S+ -e MCB_BOT_ID=default -- /,
  );
  const installed = await mcb('mcp', 'install', '--bot', 'default', '--yes');
  expect(installed).toMatchObject({ code: 0 });
  expect(configured()).toEqual({
    'mini-claude-bot': {
      type: 'stdio',
      command: process.execPath,
      args: [program, 'mcp'],
      env: { MCB_API_BASE: `${gateway.url}/api`, MCB_BOT_ID: 'default' },
    },
  });
  const twice = await mcb('mcp', 'install', '--yes');
  expect(twice).toMatchObject({ code: 1, stderr: expect.stringContaining('--replace') });
  expect(await mcb('mcp', 'install', '--yes', '--replace')).toMatchObject({ code: 0 });

  const chat = { chat_id: '1', message: '[[text:first]]' };
  await gateway.client.call(operations.sendMessage, chat);
  writeFileSync(join(gateway.home, 'sessions', 'default', '1', 'note.txt'), 'hi');
  const [turn] = await gateway.client.call(operations.listTurns, {});
  const [delivery] = await gateway.client.call(operations.listDeliveries, {});
  const rows = await rowsToName();
  const calls = Object.entries(examples).map(([name, given]) => {
    const json = JSON.stringify(given)
      .replace('TURN', turn?.id ?? '')
      .replace('DELIVERY', delivery?.id ?? '')
      .replace('TASK', rows.task)
      .replace('"MEMORY"', String(rows.memory))
      .replace('"JOB"', String(rows.job))
      .replace('"INCIDENT"', String(rows.incident));
    return `[[tool:mcp__mini-claude-bot__${name} ${json}]]`;
  });
  const before = gateway.fake.requests.length;
  const answer = await ask(`${calls.join(' [[/]] ')} [[/]] [[text:All were called.]]`);
  expect(answer).toMatchObject({ code: 0, stdout: expect.stringContaining('All were called.') });
  const results = resultsIn(gateway.fake.requests.slice(before).map(({ body }) => body));
  expect(results).toHaveLength(calls.length);
  expect(results.filter(({ is_error }) => is_error)).toEqual([]);
  expect(JSON.stringify(results[1])).toContain('turn_id');
  const tools = Object.values(operations).flatMap((operation) =>
    'mcp' in operation ? [operation.mcp.name] : [],
  );
  expect(Object.keys(examples).toSorted()).toEqual(tools.toSorted());

  const shown = await mcb('mcp', 'uninstall');
  expect(shown).toMatchObject({ code: 1, stdout: expect.stringContaining('claude mcp remove') });
  expect(Object.keys(configured())).toEqual(['mini-claude-bot']);
  expect(await mcb('mcp', 'uninstall', '--yes')).toMatchObject({ code: 0 });
  expect(configured()).toEqual({});
  expect(await mcb('mcp', 'uninstall', '--yes')).toMatchObject({ code: 1 });
}, 240_000);

test.each([
  [['--scope', 'nowhere'], '--scope'],
  [['--name', 'a b'], '--name'],
  [['--bot', 'a/b'], 'a/b'],
  [['--url', 'nowhere'], '--url'],
])('mcp install %j is refused, and nothing is written', async (words, named) => {
  const refused = await mcb('mcp', 'install', '--yes', ...words);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining(named) });
  expect(() => configured()).toThrow(/ENOENT/);
});

test('a token in the address is not written, and not shown', async () => {
  const asked = await mcb('mcp', 'install', '--url', 'http://hero:mcb_secret@127.0.0.1:1');
  expect(asked).toMatchObject({ code: 1, stdout: expect.stringContaining('MCB_TOKEN') });
  expect(asked.stdout).toContain('MCB_API_BASE=http://127.0.0.1:1/api');
  expect(asked.stdout + asked.stderr).not.toContain('mcb_secret');
});

const ToolResult = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  is_error: z.boolean().default(false),
  content: z.unknown(),
});

/** What Claude Code told the model of each call, once for each. */
function resultsIn(bodies: readonly unknown[]): z.infer<typeof ToolResult>[] {
  const found = new Map<string, z.infer<typeof ToolResult>>();
  const look = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const result = ToolResult.safeParse(value);
    if (result.success) found.set(result.data.tool_use_id, result.data);
    else for (const inner of Object.values(value)) look(inner);
  };
  for (const body of bodies) look(body);
  return [...found.values()];
}
