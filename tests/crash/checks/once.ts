import type { ModelRequest } from '../evidence.ts';
import { type Check, sameChat, turnsOf } from './read-round.ts';

/** Times of two connections, as one event loop notes them. */
const slackMs = 100;

/** No prompt is sent to the model again after a restart, nor twice within one conversation. */
export const heardOnce: Check = (round) =>
  round.messages.flatMap((message) => {
    const { id, chat, text } = message.planned;
    const fault = (what: string) => ({ chat, message: id, what });
    const asked = round.requests.filter(({ prompt }) => prompt === text);
    const generations = [...new Set(asked.map(({ generation }) => generation))];
    const state = turnsOf(round, message)[0]?.state ?? 'no turn';
    return [
      ...(generations.length > 1
        ? [fault(`the model was asked by starts ${generations.join(' and ')} (${state})`)]
        : []),
      ...(round.requests.some((request) => timesHeard(request, text) > 1)
        ? [fault(`it stands twice in its conversation (${state})`)]
        : []),
    ];
  });

const timesHeard = ({ prompt, earlierPrompts }: ModelRequest, text: string): number =>
  [...earlierPrompts, prompt].filter((said) => said.includes(text)).length;

/** What a tool did is not done again. */
export const toolsRunOnce: Check = (round) =>
  round.messages.flatMap(({ planned: { id, chat } }) => {
    const runs = round.toolRuns.get(id) ?? 0;
    return runs > 1 ? [{ chat, message: id, what: `its tool ran ${runs} times` }] : [];
  });

/** After a stop was answered, no message from before it gets any further. */
export const stoppedStaysStopped: Check = (round) =>
  round.interruptions.flatMap(({ planned, sentAt, doneAt }) => {
    if (planned.kind !== 'stop' || doneAt === undefined) return [];
    return round.messages.flatMap((message) => {
      const { id, chat, text } = message.planned;
      const takenAt = message.attempts.find(({ turn }) => turn !== undefined)?.turn?.at;
      if (!sameChat(chat, planned.chat) || takenAt === undefined || takenAt >= sentAt) return [];
      const late = round.requests.some(
        ({ prompt, receivedAt }) => prompt === text && receivedAt > doneAt + slackMs,
      );
      return late ? [{ chat, message: id, what: 'it was taken, stopped, and ran later' }] : [];
    });
  });
