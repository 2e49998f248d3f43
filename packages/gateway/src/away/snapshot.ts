import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Snapshots as files for the owner to read: `{root}/{bot_id}/{chat_id}/snapshot.json`. */
export class AwaySnapshots {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** Another one of that chat is replaced. @throws the system's error when it can't be written */
  async write(chat: ChatKey, snapshot: AwaySnapshot): Promise<void> {
    const path = this.#pathOf(chat);
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(snapshot, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }

  /** Undefined: there is none that can be read. */
  async read(chat: ChatKey): Promise<AwaySnapshot | undefined> {
    try {
      return AwaySnapshot.parse(JSON.parse(await readFile(this.#pathOf(chat), 'utf8')));
    } catch {
      return undefined;
    }
  }

  #pathOf({ botId, chatId }: ChatKey): string {
    return join(this.#root, botId, chatId, 'snapshot.json');
  }
}
