import { type ChatKey, operations } from '@mini-claude-bot/contract';
import type { ChatRate } from '../access/chat-rate.ts';
import { describeHarness } from '../harness/describe-harness.ts';
import type { Clock } from '../host/clock.ts';
import { cutText } from '../host/cut-text.ts';
import type { BotTokens } from '../outbox/bot-tokens.ts';
import type { ChatTasks } from '../tasks/chat-tasks.ts';
import { describeProgress, describeStep, elapsedSeconds } from '../tasks/describe-task.ts';
import type { TaskRow } from '../tasks/task.ts';
import type { TaskService } from '../tasks/task-service.ts';
import type { TurnsRepo } from '../turns/turns-repo.ts';
import type { OperationBinder } from './bind.ts';

/** What the routes of background tasks call. */
export interface TaskRouteParts {
  readonly tasks: TaskService;
  readonly chatTasks: ChatTasks;
  readonly botTokens: BotTokens;
  readonly turnsRepo: TurnsRepo;
  readonly clock: Clock;
  readonly chatRate: ChatRate;
}

type ChatInput = { readonly bot_id: ChatKey['botId']; readonly chat_id: ChatKey['chatId'] };

const keyOf = ({ bot_id, chat_id }: ChatInput): ChatKey => ({ botId: bot_id, chatId: chat_id });

export function bindTaskRoutes(binder: OperationBinder, parts: TaskRouteParts): void {
  const { tasks, chatTasks, botTokens, turnsRepo, clock, chatRate } = parts;

  binder.bind(operations.startTask, async (input, { onStored }) => {
    chatRate.take(keyOf(input));
    const { bot_id, bot_token, message, project_id } = input;
    const project = { chat: keyOf(input), projectId: project_id };
    const started = await tasks.start(project, message, (id) => {
      botTokens.remember(bot_id, bot_token);
      onStored({ task_id: id });
    });
    return started.kind === 'started'
      ? { status: 'started' as const, task_id: started.id }
      : {
          status: 'rejected' as const,
          reason: 'already running' as const,
          elapsed: started.elapsed,
        };
  });

  binder.bind(operations.taskStatus, (input) => {
    const { project_id } = input;
    const task = tasks
      .latest(keyOf(input))
      .find((each) => project_id === '' || each.project_id === project_id);
    return task === undefined ? { status: 'idle' as const } : statusAnswer(task, clock.now());
  });

  binder.bind(operations.harnessStatus, (input) => {
    const chat = keyOf(input);
    const jobs = tasks
      .latest(chat)
      .map((task) => describeProgress(task, chatTasks.describe(task), clock.now()));
    return { jobs: jobs.length > 0 ? jobs : idleJob(chatTasks.harnessOf(chat)) };
  });

  binder.bind(operations.cleanUp, (input) => chatTasks.cleanUp(keyOf(input)));

  binder.bind(
    operations.listTasks,
    ({ bot_id, chat_id, state, before, limit }, { caller: { botId } }) =>
      chatTasks.describeAll(
        tasks.list({ botId: bot_id ?? botId, chatId: chat_id, state, before, limit }),
      ),
  );

  binder.bind(operations.getTask, ({ task_id }, { caller }) => {
    const task = tasks.find(task_id, caller.botId);
    const steps = tasks.stepsOf(task).map((step) => describeStep(step, turnsRepo));
    return { ...chatTasks.describe(task), steps };
  });

  binder.bind(operations.cancelTask, ({ task_id }, { caller }) =>
    tasks.cancel(task_id, caller.botId),
  );
}

function statusAnswer(task: TaskRow, nowMs: number) {
  const { id, state, message, result, started_at_ms } = task;
  const elapsed_seconds = elapsedSeconds(task, nowMs);
  if (state === 'running' || state === 'waiting') {
    return {
      status: 'running' as const,
      message,
      elapsed_seconds,
      started_at: started_at_ms / 1000,
      task_id: id,
    };
  }
  return { status: state, result: cutText(result ?? '', 500), elapsed_seconds, task_id: id };
}

function idleJob(found: ReturnType<ChatTasks['harnessOf']>) {
  const harness = describeHarness(found);
  if (harness === null || found === undefined) return [];
  return [
    {
      bg_status: 'idle',
      elapsed_seconds: 0,
      chain_depth: 0,
      project_id: '',
      cwd: found.directory,
      harness,
    },
  ];
}
