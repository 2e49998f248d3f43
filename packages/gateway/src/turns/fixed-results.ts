import type { TurnResult } from './reply.ts';

/** Ends of turns that are not Claude's doing, in words for the chat. */

export const stoppedBeforeItRan: TurnResult = { state: 'stopped', text: '' };

export const queueFull = (queueMax: number): TurnResult => ({
  state: 'refused',
  text: '',
  error: {
    code: 'queue_full',
    message: `${queueMax} messages of this chat are waiting already. Yours was not taken; please send it later.`,
  },
});

/** @param waitTimeout seconds */
export const expired = (waitTimeout: number): TurnResult => ({
  state: 'expired',
  text: '',
  error: {
    code: 'queue_timeout',
    message: `Still busy: your message waited ${waitTimeout} s and was not run. Please send it again later.`,
  },
});

export const interruptedByRestart: TurnResult = {
  state: 'interrupted',
  text: '',
  error: {
    code: 'interrupted',
    message: 'The gateway was restarted while Claude was answering. Please send the message again.',
  },
};

export const notStored = {
  state: 'refused',
  text: '',
  error: {
    code: 'database_unavailable',
    message: 'The database of the gateway could not be written, so this message was not run.',
  },
} as const satisfies TurnResult;
