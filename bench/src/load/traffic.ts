import type { PlannedChat, PlannedMessage } from './plan.ts';
import { type ReaderParts, readers } from './readers.ts';

/** What the reader of a message saw. */
export interface Heard {
  readonly message: PlannedMessage;
  /** From its sending until its sender knew that it was taken, in milliseconds; not with `/send`. */
  readonly takenMs: number | undefined;
  readonly reply: string;
  /** What went wrong for this reader. */
  readonly fault: string | undefined;
}

/** A chat with the bursts that it has not sent yet. */
interface Going {
  readonly bursts: readonly (readonly PlannedMessage[])[];
}

/**
 * All chats in turns: as soon as one of those at work has the answers to a burst, it thinks, and the
 * one that has thought longest sends its next.
 * @param atWork how many chats have something to be answered at a time
 */
export async function playChats(
  chats: readonly PlannedChat[],
  atWork: number,
  parts: ReaderParts,
  onHeard: (heard: Heard) => void,
): Promise<void> {
  const thinking: Going[] = [...chats];
  const work = async (): Promise<void> => {
    for (let chat = thinking.shift(); chat !== undefined; chat = thinking.shift()) {
      const [burst = [], ...bursts] = chat.bursts;
      await playBurst(burst, parts, onHeard);
      if (bursts.length > 0) thinking.push({ bursts });
    }
  };
  await Promise.all(Array.from({ length: atWork }, work));
}

/** One message is sent as soon as the one before is taken; the end is when all are answered. */
async function playBurst(
  burst: readonly PlannedMessage[],
  parts: ReaderParts,
  onHeard: (heard: Heard) => void,
): Promise<void> {
  const listening: Promise<void>[] = [];
  for (const message of burst) {
    const { taken, heard } = listen(message, parts);
    listening.push(heard.then(onHeard));
    await taken;
  }
  await Promise.all(listening);
}

/** @returns two promises that never reject: the message is taken, or its reader is done */
function listen(
  message: PlannedMessage,
  parts: ReaderParts,
): { taken: Promise<unknown>; heard: Promise<Heard> } {
  const sentAt = performance.now();
  let takenMs: number | undefined;
  let onTaken = (): void => {};
  const known = new Promise<void>((resolve) => {
    onTaken = () => {
      takenMs ??= performance.now() - sentAt;
      resolve();
    };
  });
  const heard = readers[message.habit](message, parts, onTaken).then(
    (reply) => ({ message, takenMs, reply, fault: undefined }),
    (error: unknown) => ({ message, takenMs, reply: '', fault: String(error) }),
  );
  return { taken: Promise.race([known, heard]), heard };
}
