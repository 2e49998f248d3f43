import pino, { type Logger } from 'pino';

export type { Logger } from 'pino';

/** JSON lines on stderr: stdout is for people. */
export const createLogger = (level: string): Logger =>
  pino({ level, base: null }, pino.destination({ dest: 2, sync: false }));
