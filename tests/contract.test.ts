import { join } from 'node:path';
import { type LiveEvent, operations, type TurnEvent } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDelivery } from './support/add-delivery.ts';
import { addReport } from './support/add-report.ts';
import { isEndless } from './support/endless.ts';
import { startTestGateway, type TestGateway } from './support/test-gateway.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
  addDelivery(gateway.home, { dead: true });
  addReport(gateway.home);
});
afterAll(() => gateway.stop());

const token = 'w8Kx3Qz1Lm5Np7Rt9Vb2Yc4Df6Gh0Jk8';

/** What reaches each operation. A new operation without an entry does not compile. */
const examples: { readonly [Id in keyof typeof operations]: object } = {
  sendMessage: { chat_id: '1', message: '[[bash:echo hi > note.txt]] [[/]] [[text:hi]]' },
  sendFile: { chat_id: '1', path: 'note.txt' },
  streamMessage: { chat_id: '1', message: '[[text:hi]]' },
  listSessions: {},
  queueStatus: { chat_id: '1' },
  resetSession: { chat_id: '1', bot_id: 'default' },
  reapSessions: {},
  listTurns: {},
  getTurn: { turn_id: 'of the first turn' },
  followTurn: { turn_id: 'of the first turn' },
  turnSteps: { turn_id: 'of the first turn' },
  cancelTurn: { turn_id: 'of the first turn' },
  addChatMessage: { session_id: 's', role: 'user', content: 'hi' },
  listChatSessions: {},
  listChats: {},
  readConversation: { session_id: 's' },
  getChatSession: { session_id: 's' },
  startTask: { chat_id: '1', message: '[[text:done]]' },
  taskStatus: { chat_id: '1' },
  harnessStatus: { chat_id: '1' },
  cleanUp: { chat_id: '1' },
  listTasks: {},
  getTask: { task_id: 'of the first task' },
  cancelTask: { task_id: 'of the first task' },
  setAway: { chat_id: '1', action: 'away' },
  awayStatus: { chat_id: '1' },
  searchChat: { q: 'hi' },
  exportMemories: {},
  importMemories: { content: '[{"key": "i", "content": "c"}]' },
  getOverview: {},
  listProcesses: {},
  listSettings: {},
  listBots: {},
  addMemory: { key: 'k', content: 'a memory' },
  listMemories: {},
  searchMemories: { q: 'memory' },
  searchStatus: {},
  updateMemory: { memory_id: 1, content: 'another' },
  deleteMemory: { memory_id: 1 },
  startAwayWork: { chat_id: '1' },
  stopAwayWork: { chat_id: '1' },
  listAwayIssues: {},
  stopAwayIssue: { issue_id: 1 },
  retryAwayIssue: { issue_id: 2 },
  stopChat: { chat_id: '1' },
  createToken: { name: 'reached' },
  listTokens: {},
  revokeToken: { name: 'reached' },
  signIn: { token },
  whoAmI: {},
  signOut: {},
  makeSignInLink: {},
  listSignIns: {},
  endSignIn: { sign_in_id: 1 },
  listDeliveries: {},
  getDelivery: { delivery_id: 'of the first delivery' },
  retryDelivery: { delivery_id: 'of the first delivery' },
  listAudit: {},
  listCronJobs: {},
  createCronJob: { name: 'n', cron_expression: '@daily', command: 'exit 1', alert_after: 1 },
  previewCron: { expression: '@daily' },
  getCronJob: { job_id: 1 },
  updateCronJob: { job_id: 1, name: 'other' },
  pauseCronJob: { job_id: 1 },
  resumeCronJob: { job_id: 1 },
  runCronJob: { job_id: 1 },
  cronHistory: { job_id: 1 },
  followCronRun: { run_id: 1 },
  listCronIncidents: {},
  // Of the run that failed.
  acknowledgeCronIncident: { incident_id: 1 },
  deleteCronJob: { job_id: 1 },
  listReports: {},
  listReportRuns: {},
  getReportRun: { run_id: 'of the newest report' },
  getReportFile: { run_id: 'of the newest report', kind: 'pdf' },
  startReport: { name: 'daily-en', no_send: true },
  stopReportRun: { run_id: 'of the newest report' },
  makeBackup: {},
  listBackups: {},
  getMetrics: {},
  refreshMetrics: {},
  pushMetrics: {},
  followChanges: {},
  ping: {},
  health: {},
};

/** Issue 1, which nobody has begun with. */
function addWaitingIssue(): void {
  addIssue("1, 'queued'");
}

function addIssue(numberAndState: string): void {
  const database = new Sqlite(join(gateway.home, 'gateway.db'));
  database.exec(`
    INSERT INTO away_issues (bot_id, chat_id, repo, title, body, branch, base, clone, settings, queued_at_ms, number, state)
    VALUES ('default', '1', 'a/b', 't', '', 'away/issue-1', 'main', '/nowhere', '{}', 0, ${numberAndState})`);
  database.close();
}

test('every operation of the contract is bound', () => {
  expect([...gateway.bound].toSorted()).toEqual(Object.keys(operations).toSorted());
});

test('every operation of the contract is documented', async () => {
  const { body } = await gateway.get('/openapi.json');
  const document = body as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  expect(document.openapi).toMatch(/^3\.1\./);
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => `${operationId} ${method} ${path}`),
  );
  const expected = Object.values(operations).map(
    ({ id, method, path }) => `${id} ${method.toLowerCase()} ${path}`,
  );
  expect(documented.toSorted()).toEqual(expected.toSorted());
});

test('the documentation can be browsed, with nothing from elsewhere', async () => {
  const page = await (await fetch(`${gateway.url}/docs`)).text();
  const addresses = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) {
    expect(address).toMatch(/^\//);
    expect((await fetch(gateway.url + address)).status).toBe(200);
  }
});

// The client parses each answer with the contract's schema: what does not fit throws.
test.each(Object.entries(examples))('the client reaches %s', async (id, example) => {
  const operation = operations[id as keyof typeof operations];
  const [turn] = await gateway.client.call(operations.listTurns, {});
  const [delivery] = await gateway.client.call(operations.listDeliveries, {});
  const [task] = await gateway.client.call(operations.listTasks, {});
  if (id === 'stopAwayIssue') addWaitingIssue();
  if (id === 'retryAwayIssue') addIssue("2, 'failed'");
  if (id === 'signIn') await gateway.client.call(operations.createToken, { name: 'page', token });
  const [report] = await gateway.client.call(operations.listReportRuns, {});
  const ids = {
    turn_id: turn?.id,
    delivery_id: delivery?.id,
    task_id: task?.id,
    ...(id === 'followCronRun' ? {} : { run_id: report?.id }),
  };
  const known = Object.entries(ids).filter(([name]) => name in example);
  const input = { ...example, ...Object.fromEntries(known) };
  if (operation.output.kind === 'events') {
    const types: string[] = [];
    const events: AsyncIterable<TurnEvent | LiveEvent> = gateway.client.stream(
      operation as typeof operations.streamMessage | typeof operations.followChanges,
      input as never,
    );
    for await (const event of events) {
      types.push('topic' in event ? event.topic : event.type);
      if (isEndless(operation)) break;
    }
    expect(types.at(-1)).toBe(isEndless(operation) ? 'ready' : 'done');
  } else {
    expect(
      await gateway.client.call(operation as typeof operations.ping, input as never),
    ).toBeDefined();
  }
});
