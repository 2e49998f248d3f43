import { BotId, ChatId, TaskId, type TurnEvent, TurnId } from '@mini-claude-bot/contract';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLogger } from '../host/logger.ts';
import { TestClock } from '../host/test-clock.ts';
import type { Progress } from '../outbox/outbox.ts';
import type { StepRow, TaskRow } from './task.ts';
import { TaskProgress } from './task-progress.ts';

const turnId = TurnId.parse('11111111-2222-4333-8444-555555555555');
const step = { n: 2 } as StepRow;
let clock: TestClock;
let shown: (Progress & { readonly ref: string })[];
let progress: TaskProgress;
let happen: (event: TurnEvent | undefined) => void;

beforeEach(() => {
  clock = new TestClock();
  shown = [];
  const waiting: (TurnEvent | undefined)[] = [];
  let wake = (): void => {};
  happen = (event) => {
    waiting.push(event);
    wake();
  };
  progress = new TaskProgress({
    clock,
    language: 'auto',
    logger: createLogger('silent'),
    outbox: { progress: (ref, text) => void shown.push({ ref, ...text }) },
    turns: {
      follow: () =>
        async function* (gone) {
          for (;;) {
            if (waiting.length === 0) {
              await new Promise<void>((resolve) => {
                wake = resolve;
                gone.addEventListener('abort', () => resolve());
              });
            }
            if (gone.aborted) return;
            const event = waiting.shift();
            if (event === undefined) return;
            yield { id: undefined, skip: 0, event };
          }
        },
    },
  });
});
afterEach(() => progress.close());

const taskOf = (message: string): TaskRow =>
  ({
    id: TaskId.parse('21111111-2222-4333-8444-555555555555'),
    bot_id: BotId.parse('b'),
    chat_id: ChatId.parse('7'),
    message,
    started_at_ms: clock.now(),
  }) as TaskRow;
const tool = (content: string): void => happen({ type: 'tool', name: 'Bash', content });
/** Until what has happened was seen. */
const seen = (count: number) => vi.waitFor(() => expect(shown).toHaveLength(count));

test('what is done within ten seconds is not shown, what takes longer is', async () => {
  progress.follow(taskOf('Sort them.'), step, turnId);
  tool('ls');
  happen({ type: 'text', content: 'x' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(shown).toEqual([]);
  clock.advance(10_000);
  tool('sort `a`\n  b');
  await seen(1);
  clock.advance(170_000);
  tool(`echo ${'😀'.repeat(100)}`);
  await seen(2);
  expect(shown[0]).toMatchObject({
    ref: 'task:21111111-2222-4333-8444-555555555555:2',
    botId: 'b',
    chatId: '7',
    text: 'Working in the background, for 10 seconds now; 2 steps so far.\n\n`Bash sort a b`',
  });
  expect(shown[1]?.text).toMatch(/^Working in the background, for 3 minutes now; 3 steps so far/);
  expect(Buffer.from(shown[1]?.text ?? '').toString()).toBe(shown[1]?.text);
});

test('in the language of the task', async () => {
  progress.follow(taskOf('整理照片'), step, turnId);
  clock.advance(30_000);
  tool('ls');
  await seen(1);
  expect(shown[0]?.text).toMatch(/^正在后台工作，已 30 秒，共 1 步。/);
});

test('closing ends it in mid-turn', async () => {
  progress.follow(taskOf('Sort them.'), step, turnId);
  await progress.close();
  clock.advance(60_000);
  tool('ls');
  expect(shown).toEqual([]);
});
