import { type Config, ConfigError, loadConfig } from '../config/config.ts';
import { type Environment, readEnvironment } from '../config/read-environment.ts';
import { UserFault } from './user-fault.ts';

/** Where a command finds its configuration. */
export interface ConfigSources {
  readonly processEnvironment: Environment;
  /** Path of the `.env` file. */
  readonly envFile: string;
}

/** What every command goes by: the same configuration as the gateway's. */
export interface Settings {
  readonly environment: Environment;
  readonly config: Config;
}

/** @throws UserFault for a bad value, or a `.env` file that can't be read */
export function readSettings(sources: ConfigSources): Settings {
  const environment = readSources(sources);
  try {
    return { environment, config: loadConfig(environment) };
  } catch (error) {
    if (error instanceof ConfigError) throw new UserFault(error.message, 2);
    throw error;
  }
}

/** @throws UserFault when there is a `.env` file that can't be read */
export function readSources({ processEnvironment, envFile }: ConfigSources): Environment {
  try {
    return readEnvironment(processEnvironment, envFile);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserFault(`${envFile} can't be read: ${why}`, 2);
  }
}
