import { createInterface } from 'node:readline/promises';

/** Where a question is put. */
export interface Asking {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
}

const terminal: Asking = { input: process.stdin, output: process.stdout };

/**
 * Ask whether what was shown is to be done.
 * @param yes do not ask
 * @returns whether it is. Where nobody can be asked it is not, and how to have it done is said.
 */
export async function isWanted(yes: boolean, { input, output } = terminal): Promise<boolean> {
  if (yes) return true;
  if (!input.isTTY) {
    output.write('Nothing was changed. To have it done without being asked, add --yes.\n');
    return false;
  }
  const lines = createInterface({ input, output });
  try {
    if (/^\s*y(es)?\s*$/i.test(await lines.question('Go on? [y/N] '))) return true;
    output.write('Nothing was changed.\n');
    return false;
  } finally {
    lines.close();
  }
}
