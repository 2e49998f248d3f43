import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ChatKey } from '@mini-claude-bot/contract';
import { z } from 'zod';

/** How things stood when the owner left. */
const AwaySnapshot = z.object({
  bot_id: z.string(),
  chat_id: z.string(),
  activated_at: z.number().describe('Unix seconds.'),
  harness: z.object({ project_name: z.string(), done: z.number(), total: z.number() }).nullable(),
  tasks: z.array(z.object({ id: z.string(), state: z.string(), message: z.string() })),
});
export type AwaySnapshot = z.infer<typeof AwaySnapshot>;

/**
 * Snapshots as files for the owner, and whoever stands in for them, to read:
 * `{root}/state/{bot_id}/session-{chat_id}.md`, with the same as JSON at its end.
 */
export class AwaySnapshots {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Another one of that chat is replaced. @throws the system's error when it can't be written */
  async write(chat: ChatKey, snapshot: AwaySnapshot): Promise<void> {
    const path = this.#pathOf(chat);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(textOf(snapshot));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }

  /** Undefined: there is none that can be read. */
  async read(chat: ChatKey): Promise<AwaySnapshot | undefined> {
    try {
      const text = await readFile(this.#pathOf(chat), 'utf8');
      const json = text.slice(text.lastIndexOf(fence) + fence.length).replace(/\n```\s*$/, '');
      return AwaySnapshot.parse(JSON.parse(json));
    } catch {
      return undefined;
    }
  }

  #pathOf({ botId, chatId }: ChatKey): string {
    return join(this.#root, 'state', botId, `session-${chatId}.md`);
  }
}

const fence = '```json\n';

function textOf(snapshot: AwaySnapshot): string {
  const { bot_id, chat_id, activated_at, harness, tasks } = snapshot;
  const lines = [
    ...(harness === null
      ? []
      : [
          `- Harness ${oneLine(harness.project_name)}: ${harness.done} of ${harness.total} tasks done`,
        ]),
    ...tasks.map(({ state, message }) => `- Task, ${state}: ${oneLine(message)}`),
  ];
  return [
    `# Chat ${oneLine(chat_id)} of the bot ${oneLine(bot_id)}`,
    `The owner is away since ${new Date(activated_at * 1000).toISOString()}.`,
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
    `${fence}${JSON.stringify(snapshot, null, 2)}\n\`\`\`\n`,
  ].join('\n\n');
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
