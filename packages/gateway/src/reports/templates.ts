import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMissing } from '../host/is-missing.ts';
import { TypesetError } from './typeset/typeset-error.ts';

/** Beside this file, and beside the bundle that it becomes part of. */
const builtIn = fileURLToPath(new URL('./templates/', import.meta.url));
const plainName = /^[a-z][a-z0-9-]{0,39}$/;

/** What a template is for. */
export type TemplateKind = 'tex' | 'html';

/** A file of ours that no template of an owner's takes the place of. */
export const builtInFile = (name: string): Promise<string> => readFile(join(builtIn, name), 'utf8');

/**
 * Read a template: the owner's of that name, else the one that comes with the program.
 * @param directory where the owner keeps theirs; undefined: nowhere
 * @throws TypesetError `template`
 */
export async function readTemplate(
  name: string,
  kind: TemplateKind,
  directory: string | undefined,
): Promise<string> {
  if (!plainName.test(name)) {
    const words = `A template's name has small letters, digits and dashes; ${JSON.stringify(name)} is none.`;
    throw new TypesetError('template', words);
  }
  const file = `${name}.${kind}`;
  for (const each of [...(directory === undefined ? [] : [directory]), builtIn]) {
    try {
      return await readFile(join(each, file), 'utf8');
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  // A template of another look of the PDF need not bring one for the mail.
  if (kind === 'html' && name !== 'report') return readTemplate('report', kind, directory);
  const where = directory === undefined ? '' : ` in ${directory}`;
  throw new TypesetError('template', `There is no template ${file}${where}, nor a built-in one.`);
}

const slot = /\[\[([a-z]+)\]\]/g;

/**
 * Put texts into the slots of a template, `[[name]]`. What is put in is not looked through for slots.
 * @param needed slots without which the report would not be one
 * @throws TypesetError `template`, naming a slot that is unknown or missing
 */
export function fillTemplate(
  template: string,
  slots: Readonly<Record<string, string>>,
  needed: readonly string[],
): string {
  const named = new Set(Array.from(template.matchAll(slot), ([, name = '']) => name));
  const unknown = [...named].filter((name) => !Object.hasOwn(slots, name));
  if (unknown.length > 0) {
    const words = `The template has a slot [[${unknown[0]}]], which is unknown. There are: ${Object.keys(slots).join(', ')}.`;
    throw new TypesetError('template', words);
  }
  const missing = needed.find((name) => !named.has(name));
  if (missing !== undefined)
    throw new TypesetError('template', `The template has no slot [[${missing}]].`);
  return template.replace(slot, (_, name: string) => slots[name] ?? '');
}
