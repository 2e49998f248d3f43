import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isMissing } from '../../host/is-missing.ts';
import { type ReportDefinition, reportName } from './definition.ts';
import { type DefinitionFault, longestDefinition, readDefinition } from './read-definition.ts';

/** A report that there is a file of. */
export interface DefinedReport {
  readonly name: string;
  /** Whether its file is the owner's, or one of those that come along. */
  readonly origin: 'owner' | 'shipped';
  /** Path of its file. */
  readonly file: string;
  /** Undefined: its file has faults. */
  readonly definition: ReportDefinition | undefined;
  readonly faults: readonly DefinitionFault[];
}

/** Where definitions are looked for. */
export interface DefinitionPlaces {
  /** The owner's; it need not be there. */
  readonly own: string;
  /** Those that come along. */
  readonly shipped: string;
}

interface Kept {
  readonly mark: string;
  readonly report: DefinedReport;
}

/** The reports that there are: a file each. One of the owner's stands in the place of one that comes along. */
export class ReportDefinitions {
  readonly #places: DefinitionPlaces;
  readonly #kept = new Map<string, Kept>();

  constructor(places: DefinitionPlaces) {
    this.#places = places;
  }

  /** By name. What has not changed is not read again. @throws the system's error where a directory can't be read */
  async list(): Promise<DefinedReport[]> {
    const { own, shipped } = this.#places;
    const found = new Map<string, DefinedReport>();
    for (const [directory, origin] of [
      [shipped, 'shipped'],
      [own, 'owner'],
    ] as const)
      for (const file of await filesIn(directory)) {
        const report = await this.#read(file, origin);
        if (report !== undefined) found.set(report.name, report);
      }
    return [...found.values()].toSorted((a, b) => a.name.localeCompare(b.name));
  }

  async find(name: string): Promise<DefinedReport | undefined> {
    return (await this.list()).find((report) => report.name === name);
  }

  async #read(file: string, origin: DefinedReport['origin']): Promise<DefinedReport | undefined> {
    const name = basename(file).replace(/\.ya?ml$/, '');
    const base = { name, origin, file };
    const wrong = (message: string): DefinedReport => ({
      ...base,
      definition: undefined,
      faults: [{ line: undefined, column: undefined, field: '', message }],
    });
    try {
      const { mtimeMs, ctimeMs, size, ino } = await stat(file);
      const mark = [mtimeMs, ctimeMs, size, ino].join(' ');
      const kept = this.#kept.get(file);
      if (kept?.mark === mark) return kept.report;
      if (!reportName.safeParse(name).success)
        return wrong(
          'its name must be of small letters, digits and hyphens, and begin with a letter',
        );
      if (size > longestDefinition) return wrong('it is longer than 256 KB');
      const read = await readDefinition(await readFile(file, 'utf8'));
      const report: DefinedReport =
        read.kind === 'definition'
          ? { ...base, definition: read.definition, faults: [] }
          : { ...base, definition: undefined, faults: read.faults };
      this.#kept.set(file, { mark, report });
      return report;
    } catch (error) {
      // It was removed meanwhile.
      if (isMissing(error)) return undefined;
      return wrong(`it can't be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

async function filesIn(directory: string): Promise<string[]> {
  try {
    const names = await readdir(directory);
    return names
      .filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.'))
      .toSorted()
      .map((name) => join(directory, name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
