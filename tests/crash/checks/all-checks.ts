import type { Fault, RoundEvidence } from '../evidence.ts';
import { nameOf } from '../workload.ts';
import { conversationGoesOn } from './conversation.ts';
import { fileIsWhole, noOrphans, noOrphanTalks, nothingStuck } from './nothing-left.ts';
import { heardOnce, stoppedStaysStopped, toolsRunOnce } from './once.ts';
import { oneTurn, outcomeTold } from './one-outcome.ts';
import { heardInOrder, oneAtATime, takenInOrder } from './order.ts';
import type { Check } from './read-round.ts';
import {
  endsAreFinal,
  endsHaveReasons,
  interruptedIsTold,
  nothingUnfinished,
  ownAnswer,
} from './states.ts';

/** Every check by the name that a fault carries. */
export const checks = {
  oneTurn,
  outcomeTold,
  endsHaveReasons,
  interruptedIsTold,
  nothingUnfinished,
  endsAreFinal,
  ownAnswer,
  takenInOrder,
  heardInOrder,
  oneAtATime,
  heardOnce,
  toolsRunOnce,
  stoppedStaysStopped,
  noOrphans,
  noOrphanTalks,
  nothingStuck,
  fileIsWhole,
  conversationGoesOn,
} satisfies Record<string, Check>;

/** Put a round to every check. */
export function checkRound(round: RoundEvidence): Fault[] {
  return Object.entries(checks).flatMap(([check, find]) =>
    find(round).map(({ chat, ...rest }) => ({
      check,
      ...rest,
      ...(chat === undefined ? {} : { chat: nameOf(chat) }),
    })),
  );
}
