import { open, readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isMissing } from './is-missing.ts';

/** A conversation that Claude had in a directory, as its transcript tells. */
export interface PastConversation {
  readonly id: string;
  /** When it was written last, Unix milliseconds. */
  readonly lastUsedMs: number;
  /** What was said to Claude towards its end: the newest is last. */
  readonly prompts: readonly string[];
}

const fileName = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/i;
/** Of a long transcript only the end is read. */
const longestTail = 4 * 1024 * 1024;
const longestHead = 256 * 1024;
/** The program cuts longer names of folders, and puts a digest behind. */
const longestFolderName = 200;

const Said = z.object({
  type: z.enum(['user', 'assistant']),
  isSidechain: z.boolean().optional(),
  message: z.object({
    content: z.union([
      z.string(),
      z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
    ]),
  }),
});

/**
 * The conversations that were had in a directory and can be gone on with, newest first: what `claude --continue`
 * would choose comes first.
 */
export async function pastConversations(
  configDirectory: string,
  directory: string,
): Promise<PastConversation[]> {
  const projects = join(configDirectory, 'projects');
  const real = await realpath(directory).catch(orNothing);
  const places = [...new Set([directory, ...(real === undefined ? [] : [real])])];
  const folders = (await readdir(projects).catch(orNothing)) ?? [];
  const found: PastConversation[] = [];
  for (const folder of folders.filter((name) => places.some((place) => isFolderOf(name, place)))) {
    const files = (await readdir(join(projects, folder)).catch(orNothing)) ?? [];
    for (const file of files) {
      const id = fileName.exec(file)?.[1];
      if (id === undefined) continue;
      const past = await readConversation(join(projects, folder, file), id, places);
      if (past !== undefined) found.push(past);
    }
  }
  return found.sort((one, other) => other.lastUsedMs - one.lastUsedMs);
}

function isFolderOf(folder: string, directory: string): boolean {
  const name = directory.replace(/[^a-zA-Z0-9]/g, '-');
  if (name.length <= longestFolderName) return folder === name;
  return folder.startsWith(name.slice(0, longestFolderName));
}

/** Several directories may share a folder: a transcript says, where it begins, which was its own. */
async function readConversation(
  path: string,
  id: string,
  places: readonly string[],
): Promise<PastConversation | undefined> {
  const file = await open(path, 'r').catch(orNothing);
  if (file === undefined) return undefined;
  try {
    const { size, mtimeMs } = await file.stat();
    const read = async (length: number, from: number): Promise<string> => {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
      return buffer.toString('utf8', 0, bytesRead);
    };
    const place = firstPlace(await read(Math.min(size, longestHead), 0));
    if (place !== undefined && !places.includes(place)) return undefined;
    const length = Math.min(size, longestTail);
    const said = (await read(length, size - length)).split('\n').flatMap(parseLine);
    if (said.length === 0) return undefined;
    return { id, lastUsedMs: mtimeMs, prompts: said.flatMap(promptIn) };
  } finally {
    await file.close();
  }
}

function firstPlace(head: string): string | undefined {
  const written = /"cwd":("(?:[^"\\]|\\.)*")/.exec(head)?.[1];
  return written === undefined ? undefined : z.string().safeParse(JSON.parse(written)).data;
}

function parseLine(line: string): z.infer<typeof Said>[] {
  try {
    const parsed = Said.safeParse(JSON.parse(line));
    return parsed.success && parsed.data.isSidechain !== true ? [parsed.data] : [];
  } catch {
    // Other kinds of lines, and the half of one where the tail begins.
    return [];
  }
}

function promptIn({ type, message: { content } }: z.infer<typeof Said>): string[] {
  if (type !== 'user') return [];
  if (typeof content === 'string') return [content];
  return content.flatMap(({ type, text }) => (type === 'text' && text !== undefined ? [text] : []));
}

function orNothing(error: unknown): undefined {
  if (isMissing(error)) return undefined;
  throw error;
}
