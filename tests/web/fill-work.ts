import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '@mini-claude-bot/contract';
import Sqlite from 'better-sqlite3';
import { addDelivery } from '../support/add-delivery.ts';
import { eventually } from '../support/eventually.ts';
import type { TestGateway } from '../support/test-gateway.ts';

/** Tasks that {@link addTasks} has made, by what has become of them. */
export interface MadeTasks {
  readonly completed: string;
  readonly blocked: string;
  readonly failed: string;
  readonly waiting: string;
}

/** Start a task, and wait until it is in a state. @returns its id */
export async function taskThatIs(
  { client }: TestGateway,
  state: string,
  chat_id: string,
  message: string,
): Promise<string> {
  const started = await client.call(operations.startTask, { chat_id, message });
  if (started.status !== 'started') throw new Error('the task was rejected');
  const { task_id } = started;
  await eventually(
    `the task is ${state}`,
    async () => (await client.call(operations.getTask, { task_id })).state === state,
    2_000,
  );
  return task_id;
}

/** A plan of three phases, of which the first is done and a task of the second is blocked. */
export function addPlan({ home }: TestGateway, chat: string): void {
  const directory = join(home, 'sessions', 'default', chat, '.harness');
  mkdirSync(directory, { recursive: true });
  const phase = (name: string, states: readonly string[]) => ({
    name,
    tasks: states.map((status, n) => ({ id: `${name}-${n + 1}`, title: `Task ${n + 1}`, status })),
  });
  const plan = {
    project_name: 'Recipe book',
    phases: [
      phase('Collect the recipes', ['done', 'done', 'done']),
      phase('Photographs', ['done', 'blocked', 'pending', 'pending']),
      phase('Print', ['pending', 'pending']),
    ],
  };
  writeFileSync(join(directory, 'tasks.json'), JSON.stringify(plan));
}

/** One task in each state that needs no more than a moment; a gateway with `HARNESS_CHAIN_DELAY` for the one that waits. */
export async function addTasks(gateway: TestGateway): Promise<MadeTasks> {
  addPlan(gateway, 'recipes');
  const [completed, blocked, failed, waiting] = await Promise.all([
    taskThatIs(
      gateway,
      'completed',
      'home-server',
      'Tidy up the log files, and say how much room that makes. [[bash:echo 412 MB]] [[/]] [[text:Done: **412 MB** are free again. The oldest log is of last week now.]]',
    ),
    taskThatIs(
      gateway,
      'blocked',
      'weekend',
      'Book the train to the lake for Saturday. [[text:There are two trains at that time. [HARNESS_BLOCKED:tickets:Which one: 08:30 by the river, or 08:50 without a change?] ]]',
    ),
    taskThatIs(
      gateway,
      'failed',
      '10001',
      'Compare the offers of the three painters. [[status:400]]',
    ),
    taskThatIs(
      gateway,
      'waiting',
      'recipes',
      'Make the recipe book as we have planned it. [[text:The first photograph is in the book. [HARNESS_BATCH_DONE:Photographs:1/4] ]]',
    ),
  ]);
  return { completed, blocked, failed, waiting };
}

/** Deliveries and issues as earlier runs would have left them. */
export function addRows({ home }: TestGateway): { readonly dead: string } {
  const dead = addDelivery(home, {
    chatId: '10001',
    text: 'The backup is done: **3 files** were new.',
    dead: true,
  });
  const database = new Sqlite(join(home, 'gateway.db'));
  const add = database.prepare(`
    INSERT INTO away_issues (bot_id, chat_id, repo, number, title, body, branch, base, clone, settings, state, tests,
      pr_url, error, queued_at_ms, ended_at_ms)
    VALUES ('default', 'weekend', @repo, @number, @title, '', 'away/issue-' || CAST(@number AS INTEGER), 'main', '/nowhere', '{}', @state,
      @tests, @pull, @error, @at, @ended)`);
  const at = Date.now() - 3_600_000;
  const common = { tests: null, pull: null, error: null, at, ended: at + 900_000 };
  add.run({
    ...common,
    ...{
      repo: 'lena/recipes',
      number: 12,
      title: 'Fractions are shown as decimals',
      state: 'done',
    },
    ...{ tests: 'passed', pull: 'https://github.com/lena/recipes/pull/31' },
  });
  add.run({
    ...common,
    ...{
      repo: 'lena/garden',
      number: 7,
      title: '<img src=x onerror="window.hacked=1">',
      state: 'failed',
    },
    error: 'The branch away/issue-7 is there already: it is not touched.',
  });
  database.close();
  return { dead };
}

/** Usage of the last weeks, as transcripts of Claude would have told it. */
export function addUsage({ home }: TestGateway): void {
  const database = new Sqlite(join(home, 'gateway.db'));
  const add = database.prepare(`
    INSERT INTO usage_totals (session_id, quarter, model, long, events, input, output, cache_read, cache_write_5m, context_max)
    VALUES ('earlier', @quarter, @model, 0, @events, @input, @output, @read, @write, 80000)`);
  const today = Math.floor(Date.now() / 900_000);
  for (let day = 1; day < 30; day += 1) {
    // A rhythm of weeks, without chance.
    const busy = ((day * 7) % 11) + (day % 7 < 2 ? 1 : 6);
    for (const [model, share] of [
      ['claude-opus-4-5-20251101', 1],
      ['claude-sonnet-4-5-20250929', day % 3],
      ['claude-haiku-4-5-20251001', 0.4],
    ] as const) {
      const events = Math.round(busy * share * 4);
      if (events === 0) continue;
      add.run({
        quarter: today - day * 96,
        model,
        events,
        input: events * 400,
        output: events * 900,
        read: events * 21_000,
        write: events * 2_600,
      });
    }
  }
  database.close();
}

/** An issue that nobody has begun with. */
export function addWaitingIssue({ home }: TestGateway): void {
  const database = new Sqlite(join(home, 'gateway.db'));
  database
    .prepare(`
      INSERT INTO away_issues (bot_id, chat_id, repo, number, title, body, branch, base, clone, settings, state, queued_at_ms)
      VALUES ('default', 'weekend', 'lena/recipes', 15, 'Sort by season', '', 'away/issue-15', 'main', '/nowhere', '{}',
        'queued', ?)`)
    .run(Date.now());
  database.close();
}

/** Entries of the audit, more than one page of it. */
export function addAuditEntries({ home }: TestGateway, count: number): void {
  const database = new Sqlite(join(home, 'gateway.db'));
  const add =
    database.prepare(`INSERT INTO audit (at_ms, caller, address, operation, kind, bot_id, about)
    VALUES (?, 'phone', '192.168.1.7', 'deleteMemory', 'deletes', 'kitchen', ?)`);
  database.transaction(() => {
    for (let n = 1; n <= count; n += 1) add.run(Date.now(), JSON.stringify({ id: `entry ${n}.` }));
  })();
  database.close();
}
