import { setMaxListeners } from 'node:events';
import type { TurnId } from '@mini-claude-bot/contract';
import type { Clock } from '../host/clock.ts';
import { cutText } from '../host/cut-text.ts';
import { type Language, languageFor } from '../host/language.ts';
import type { Logger } from '../host/logger.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { TurnService } from '../turns/turn-service.ts';
import { chatOf, type StepRow, type TaskRow } from './task.ts';
import { progressRef } from './task-chain.ts';
import { taskWords } from './task-words.ts';

/** What comes sooner needs no message about getting on. */
const shownAfterMs = 10_000;

/** What progress is shown with. */
export interface TaskProgressParts {
  readonly turns: Pick<TurnService, 'follow'>;
  readonly outbox: Pick<Outbox, 'progress'>;
  readonly clock: Clock;
  readonly language: Language | 'auto';
  readonly logger: Logger;
}

/** Shows in the chat that a long step of a task gets on. Its end takes the message away. */
export class TaskProgress {
  readonly #parts: TaskProgressParts;
  readonly #over = new AbortController();
  readonly #following = new Set<Promise<void>>();

  constructor(parts: TaskProgressParts) {
    this.#parts = parts;
    // One for each task that is at work.
    setMaxListeners(0, this.#over.signal);
  }

  /** Until the step has ended. */
  follow(task: TaskRow, step: StepRow, turnId: TurnId): void {
    const following = this.#follow(task, step, turnId)
      .catch((error: unknown) => {
        this.#parts.logger.warn(
          { err: error, task: task.id },
          'the progress of a task is not shown',
        );
      })
      .finally(() => this.#following.delete(following));
    this.#following.add(following);
  }

  /** Show nothing more. */
  async close(): Promise<void> {
    this.#over.abort();
    await Promise.all(this.#following);
  }

  async #follow(task: TaskRow, step: StepRow, turnId: TurnId): Promise<void> {
    const { turns, outbox, clock, language } = this.#parts;
    const words = taskWords[languageFor(language, task.message)];
    let tools = 0;
    for await (const { event } of turns.follow(turnId, undefined)(this.#over.signal)) {
      if (event.type !== 'tool') continue;
      tools += 1;
      const workedMs = clock.now() - task.started_at_ms;
      if (workedMs < shownAfterMs) continue;
      const text = `${words.working(tools, workedMs / 1000)}\n\n\`${inline(event.name, event.content)}\``;
      outbox.progress(progressRef(task, step), { ...chatOf(task), text });
    }
  }
}

/** One line that can stand in Markdown code. */
const inline = (name: string, input: string): string =>
  cutText(`${name} ${input}`.replace(/[`\s]+/g, ' ').trim(), 120);
