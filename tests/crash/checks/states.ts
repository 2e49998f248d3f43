import type { RoundEvidence, StoredTurn } from '../evidence.ts';
import { answerOf } from '../workload.ts';
import { type Check, sameChat, turnsOf } from './read-round.ts';

/** Each turn ended as it may have: there is a reason for every end that is not an answer. */
export const endsHaveReasons: Check = (round) =>
  round.messages.flatMap((message) => {
    const { id, chat, kind } = message.planned;
    const disturbed = round.interruptions.some(({ planned }) => sameChat(planned.chat, chat));
    return turnsOf(round, message).flatMap((turn) => {
      const may = mayEndAs(turn, kind === 'failing', disturbed, round);
      if (may) return [];
      const { state, errorCode, answer } = turn;
      const what = `it ended as ${state} (${errorCode ?? 'no error'}): ${JSON.stringify(answer)}`;
      return [{ chat, message: id, what: `${what}; at the deaths: ${pastOf(turn, round)}` }];
    });
  });

function mayEndAs(
  turn: StoredTurn,
  fails: boolean,
  disturbed: boolean,
  round: RoundEvidence,
): boolean {
  switch (turn.state) {
    case 'completed':
      return true;
    case 'failed':
      return fails;
    case 'stopped':
      return disturbed;
    case 'interrupted':
      // Not what only waited: that had to run.
      return statesAtDeaths(turn, round).at(-1) === 'running' || endedBefore(turn, round);
    default:
      return false;
  }
}

/** It had its end already when the gateway died for the last time. */
const endedBefore = (turn: StoredTurn, round: RoundEvidence): boolean =>
  statesAtDeaths(turn, round).includes('running') &&
  statesAtDeaths(turn, round).at(-1) === 'interrupted';

const statesAtDeaths = ({ id }: StoredTurn, { deaths }: RoundEvidence): (string | undefined)[] =>
  deaths.map(({ turns }) => turns.find((turn) => turn.id === id)?.state);

const pastOf = (turn: StoredTurn, round: RoundEvidence): string =>
  statesAtDeaths(turn, round)
    .map((state) => state ?? 'not there')
    .join(', ');

/** What was running at the last death is not run again: its end says that it was interrupted. */
export const interruptedIsTold: Check = (round) =>
  round.messages.flatMap((message) =>
    turnsOf(round, message).flatMap((turn) => {
      const last = statesAtDeaths(turn, round).at(-1);
      if (last !== 'running' || turn.state === 'interrupted') return [];
      const { chat, id } = message.planned;
      return [{ chat, message: id, what: `it ran at the last death, and ended as ${turn.state}` }];
    }),
  );

/** Nothing waits or runs when all is over. */
export const nothingUnfinished: Check = ({ stored }) =>
  stored.turns
    .filter(({ state }) => state === 'queued' || state === 'running')
    .map(({ id, state, prompt }) => ({ what: `turn ${id} is still ${state}: ${prompt}` }));

/** An end, once stored, stays as it is. */
export const endsAreFinal: Check = ({ deaths, stored }) =>
  [...deaths, stored].flatMap((now, index, snapshots) => {
    const before = snapshots[index - 1];
    return (before?.turns ?? []).flatMap((was) => {
      if (was.state === 'queued' || was.state === 'running') return [];
      const is = now.turns.find(({ id }) => id === was.id);
      const same = is?.state === was.state && is.answer === was.answer;
      if (same) return [];
      return [
        {
          what:
            `turn ${was.id} had ended as ${was.state} with ${JSON.stringify(was.answer)}; ` +
            `later it was ${is?.state ?? 'gone'} with ${JSON.stringify(is?.answer)}`,
        },
      ];
    });
  });

/** A completed message got its own answer, once. No answer stands in the history twice. */
export const ownAnswer: Check = (round) =>
  round.messages
    .filter(({ planned }) => planned.kind !== 'probe')
    .flatMap((message) => {
      const { id, chat, kind } = message.planned;
      const words = answerOf(id);
      const fault = (what: string) => ({ chat, message: id, what });
      const own = turnsOf(round, message).filter(({ state }) => state === 'completed');
      const missing = own.filter(({ answer }) => timesIn(answer, words) !== 1);
      const elsewhere = round.stored.turns.filter(
        ({ prompt, answer }) =>
          prompt !== message.planned.text && !isProbe(prompt) && timesIn(answer, words) > 0,
      );
      return [
        ...missing.map(({ answer }) => fault(`completed (${kind}) with ${JSON.stringify(answer)}`)),
        ...elsewhere.map(({ prompt }) => fault(`its answer also stands under: ${prompt}`)),
      ];
    });

const isProbe = (prompt: string): boolean => prompt.endsWith('[[history]]');

const timesIn = (text: string | null, words: string): number =>
  (text ?? '').split(words).length - 1;
