import { isAbsolute, relative, resolve, sep } from 'node:path';
import { GatewayError } from '@mini-claude-bot/contract';
import { holdBelow } from '../host/files/hold-directory.ts';
import { codeOf, type OpenDirectory } from '../host/files/open-directory.ts';
import { holdSession } from './session-directory.ts';

/**
 * Read a file of a chat's working directory. No link on the way from there is followed: what a chat puts there must not
 * lead the gateway to what is another's.
 * @param path in the directory, or absolute and yet in it
 * @param most longest file, in bytes
 * @throws GatewayError `not_found`, `forbidden`, `message_too_large`
 */
export async function readChatFile(
  directory: string,
  path: string,
  most: number,
): Promise<Uint8Array> {
  const way = relative(directory, resolve(directory, path));
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    const words = `${JSON.stringify(path)} is not in the working directory of the chat. Copy the file there first.`;
    throw new GatewayError('forbidden', words);
  }
  try {
    const names = way.split(sep);
    const name = names.pop() ?? '';
    const read = await holdSession(directory, 'leave', (held) =>
      holdBelow(held.directory, names, (inner) => readWhole(inner, name, most)),
    );
    if (read === undefined) throw noFile(path);
    return read;
  } catch (error) {
    if (codeOf(error) === undefined || error instanceof GatewayError) throw error;
    throw noFile(path, error);
  }
}

async function readWhole(
  directory: OpenDirectory,
  name: string,
  most: number,
): Promise<Uint8Array | undefined> {
  const file = name === '' ? undefined : await directory.file(name);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    // One byte more tells of a file that grows meanwhile.
    const buffer = Buffer.alloc(Math.min(size, most) + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    if (length > most) {
      const words = `The file is larger than ${Math.floor(most / 2 ** 20)} MB. Make it smaller, or send a part of it.`;
      throw new GatewayError('message_too_large', words);
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

const noFile = (path: string, cause?: unknown): GatewayError => {
  const why = codeOf(cause);
  const words =
    `There is no file ${JSON.stringify(path)} in the working directory of the chat that can be read` +
    `${why === undefined || why === 'ENOENT' ? '' : ` (${why})`}. Links are not followed.`;
  return new GatewayError('not_found', words, { cause });
};
