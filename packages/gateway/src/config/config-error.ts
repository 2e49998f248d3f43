/** A bad value. The message is one line a fault: the variable, its value and what it may be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
