import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from './config-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the program goes by: a `.env` file, and the process's environment over it. The file's values are
 * not put into `process.env`, so that nothing this program starts inherits them unasked.
 * @param file path of the `.env` file; it need not be there
 * @throws ConfigError when it is there and can't be read
 */
export function readEnvironment(environment: Environment, file: string): Environment {
  return { ...readEnvFile(file), ...environment };
}

function readEnvFile(file: string): Environment {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(`${file} can't be read: ${why}`);
  }
}
