import { UserFault } from '../user-fault.ts';

/**
 * All of the piped input, as one message.
 * @param empty what to say when there is nothing in it
 * @throws UserFault when there is nothing in it, or it is no text
 */
export async function readPiped(
  input: AsyncIterable<Uint8Array | string>,
  empty = emptyMessage,
): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of input) pieces.push(Buffer.from(piece));
  const text = decode(Buffer.concat(pieces)).replace(/\r?\n$/, '');
  if (text.trim() !== '') return text;
  throw new UserFault(empty, 2);
}

const emptyMessage =
  'There is nothing to send: the input is empty. For instance: echo "Hello" | mini-claude-bot chat';

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UserFault('The input is not text in UTF-8, so it cannot be a message.', 2);
  }
}
