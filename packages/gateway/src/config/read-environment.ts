import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the program goes by: a `.env` file, and the process's environment over it. The file's values are
 * not put into `process.env`, so that nothing this program starts inherits them unasked.
 * @param file path of the `.env` file; it need not be there
 */
export function readEnvironment(environment: Environment, file: string): Environment {
  return { ...readEnvFile(file), ...environment };
}

function readEnvFile(file: string): Environment {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
