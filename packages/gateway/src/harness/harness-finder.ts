import { lstatSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import { type HarnessTasks, parseTasks } from './harness-tasks.ts';
import { readBounded, readTasksFile } from './read-bounded.ts';

/** A harness where it was found. */
export interface Harness {
  /** The project's directory, without links in it; `.harness` is in there. */
  readonly directory: string;
  /** Undefined: there is no list of tasks yet, or it can't be read. */
  readonly tasks: HarnessTasks | undefined;
}

/** Where to look for a harness. */
export interface HarnessPlace {
  /** The chat's working directory. */
  readonly workingDirectory: string;
  readonly projectId?: string;
  /** Where it was found before. */
  readonly known?: string | undefined;
  /** What Claude said: it may name the directory. */
  readonly reply?: string;
}

/** Where a harness may be, besides the chat's own working directory. */
export interface AllowedPlaces {
  readonly directories: readonly string[];
  /** Never in here: the working directories of other chats, and what is archived. */
  readonly closed: readonly string[];
}

const longestPointer = 4_096;
const mostNamed = 20;
/** A path as it stands in a sentence, in quotes or in code. */
const named = /(?<![\w/.])(?:~|\/[\w.@+-])[^\s'"`<>|:;,()[\]{}]*/g;

/** Finds the harness that a chat works on. What other chats have, and what is elsewhere, is not found. */
export class HarnessFinder {
  readonly #allowed: AllowedPlaces;

  constructor(allowed: AllowedPlaces) {
    this.#allowed = allowed;
  }

  /**
   * The first that is there: known, named by the reply, by the project, by the pointer; else the chat's own.
   * That it was the chat's own before says nothing: another may have been named meanwhile.
   */
  find(place: HarnessPlace): Harness | undefined {
    for (const candidate of candidatesOf(place)) {
      const directory = this.#allow(candidate, place.workingDirectory);
      if (directory === undefined || !isOwnDirectory(join(directory, '.harness'))) continue;
      const json = readTasksFile(join(directory, '.harness'));
      return { directory, tasks: json === undefined ? undefined : parseTasks(json) };
    }
    return undefined;
  }

  /** Links are followed first: what counts is where it really is. */
  #allow(candidate: string, workingDirectory: string): string | undefined {
    const { directories, closed } = this.#allowed;
    const roots = [workingDirectory, ...directories];
    // A name alone must not have the file system look elsewhere: what is mounted there may take for ever.
    if (!roots.some((root) => isWithin(candidate, root) || isWithin(candidate, realPath(root))))
      return undefined;
    const directory = realPath(candidate);
    if (directory === undefined) return undefined;
    if (isWithin(directory, realPath(workingDirectory))) return directory;
    if (closed.some((root) => isWithin(directory, realPath(root)))) return undefined;
    return directories.some((root) => isWithin(directory, realPath(root))) ? directory : undefined;
  }
}

function* candidatesOf({
  workingDirectory,
  projectId = '',
  known,
  reply = '',
}: HarnessPlace): Generator<string> {
  if (known !== undefined && known !== realPath(workingDirectory)) yield known;
  const fromHere = (path: string): string => resolve(workingDirectory, expandHome(path));
  for (const [path] of [...reply.matchAll(named)].slice(-mostNamed).reverse()) {
    yield fromHere(path.replace(/[.!?]+$/, ''));
  }
  if (isPathPart(projectId)) yield join(workingDirectory, projectId);
  const pointer = readBounded(
    join(workingDirectory, '.harness_project_dir'),
    longestPointer,
    'refused',
  );
  const path = pointer?.split('\n', 1)[0]?.trim() ?? '';
  if (path !== '') yield fromHere(path);
  yield workingDirectory;
}

const isPathPart = (name: string): boolean =>
  name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);

const expandHome = (path: string): string =>
  path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path;

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

const isWithin = (directory: string, root: string | undefined): boolean =>
  root !== undefined &&
  (directory === root || directory.startsWith(root.endsWith(sep) ? root : root + sep));

/** A link of that name may lead anywhere. */
function isOwnDirectory(path: string): boolean {
  try {
    return lstatSync(path).isDirectory();
  } catch {
    return false;
  }
}
