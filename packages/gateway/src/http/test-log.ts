import { pino } from 'pino';
import type { Logger } from '../host/logger.ts';

/** A logger whose lines a test can read. */
export function createTestLog(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const logger = pino({ level: 'info', base: null }, { write: (line) => void lines.push(line) });
  return { logger, lines };
}
