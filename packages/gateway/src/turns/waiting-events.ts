import type { TurnEvent } from '@mini-claude-bot/contract';

/** What a turn is told while it waits, and when the gateway ends before it does. */

export const runsLater: TurnEvent = {
  type: 'notice',
  content: 'The gateway is stopping. Your message is kept, and runs when it is back.',
};

export const goesOnLater: TurnEvent = {
  type: 'notice',
  content: 'The gateway is stopping. This goes on when it is back.',
};

/** @param ahead turns of its lane that come first */
export const placeEvent = (ahead: number): TurnEvent => ({
  type: 'queued',
  position: ahead,
  content:
    ahead === 0
      ? 'Waiting for a free slot.'
      : `Waiting: ${ahead} ${ahead === 1 ? 'message' : 'messages'} of this chat come first.`,
});
