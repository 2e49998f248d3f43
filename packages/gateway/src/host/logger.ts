import pino, { type Logger } from 'pino';
import { LogDestination } from './log-destination.ts';

export type { Logger } from 'pino';

/** JSON lines on stderr: stdout is for people. */
export const createLogger = (level: string): Logger =>
  pino({ level, base: null }, new LogDestination(2));
