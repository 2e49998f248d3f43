import { write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';

const writeTo = promisify(write);

/** What waits for a log that takes nothing at the moment, in characters; more than that is lost. */
const longestBacklog = 1024 * 1024;
const tryAgainMs = 50;

const Busy = z.object({ code: z.literal('EAGAIN') });

/**
 * Where log lines go, in order and without holding anybody up. A log that can't be written, such as one
 * on a full disk, must neither end the program nor keep it from ending: its lines are lost, and it goes
 * on once it can. (Pino's own destination throws in the first case, and in the second tries for ever.)
 */
export class LogDestination {
  readonly #fd: number;
  #waiting: string[] = [];
  #length = 0;
  #writing = false;

  constructor(fd: number) {
    this.#fd = fd;
  }

  readonly write = (line: string): void => {
    if (this.#length + line.length > longestBacklog) return;
    this.#waiting.push(line);
    this.#length += line.length;
    if (!this.#writing) void this.#writeAll();
  };

  /** Never rejects. */
  async #writeAll(): Promise<void> {
    this.#writing = true;
    while (this.#waiting.length > 0) {
      let bytes = Buffer.from(this.#waiting.join(''));
      this.#waiting = [];
      this.#length = 0;
      while (bytes.length > 0) bytes = bytes.subarray(await this.#writeSome(bytes));
    }
    this.#writing = false;
  }

  /** @returns how many bytes are done with: written, or lost */
  async #writeSome(bytes: Buffer): Promise<number> {
    try {
      return (await writeTo(this.#fd, bytes)).bytesWritten;
    } catch (error) {
      if (!Busy.safeParse(error).success) return bytes.length;
      await sleep(tryAgainMs);
      return 0;
    }
  }
}
