import { insists } from '../clients.ts';
import type { ObservedMessage } from '../evidence.ts';
import { type Check, turnsOf } from './read-round.ts';

/** Every message that was taken has one turn, and every client that asked for the outcome was told it. */
export const oneTurn: Check = (round) =>
  round.messages.flatMap((message) => {
    const fault = (what: string) => ({
      chat: message.planned.chat,
      message: message.planned.id,
      what,
    });
    const turns = turnsOf(round, message);
    if (turns.length > 1) {
      const list = turns.map(({ id, state }) => `${id} ${state}`).join(', ');
      return [fault(`${turns.length} turns were made for it: ${list}; ${story(message)}`)];
    }
    if (turns.length === 0 && wasTaken(message))
      return [fault(`it was taken, and no turn is stored; ${story(message)}`)];
    const known = message.attempts.flatMap(({ turn }) => turn?.id ?? []);
    const foreign = known.filter((id) => !turns.some((turn) => turn.id === id));
    return foreign.map((id) => fault(`its client was told of turn ${id}, which is not its own`));
  });

const wasTaken = ({ planned, attempts }: ObservedMessage): boolean =>
  insists(planned.habit) ||
  attempts.some(({ turn, end }) => turn !== undefined || end.kind === 'told');

/** A client that goes on asking is told the outcome, the stored one, and always the same. */
export const outcomeTold: Check = (round) =>
  round.messages.flatMap((message) => {
    const { planned, attempts } = message;
    const fault = (what: string) => ({ chat: planned.chat, message: planned.id, what });
    const [turn] = turnsOf(round, message);
    const odd = attempts.flatMap(({ end }) => (end.kind === 'odd' ? [end.what] : []));
    const told = attempts.flatMap(({ end }) => (end.kind === 'told' ? [end.content] : []));
    if (odd.length > 0) return odd.map((what) => fault(`its client met: ${what}`));
    if (told.length === 0 && insists(planned.habit))
      return [fault(`its client was never told the outcome; ${story(message)}`)];
    return told
      .filter((content) => content !== turn?.answer)
      .map((content) =>
        fault(`told: ${JSON.stringify(content)}; stored: ${JSON.stringify(turn?.answer)}`),
      );
  });

/** What a message's client went through, in a line. */
export const story = ({ attempts }: ObservedMessage): string =>
  attempts
    .map(({ via, sentAt, turn, end }) => {
      const taken = turn === undefined ? '' : `, taken at ${Math.round(turn.at)}`;
      const why = end.kind === 'lost' ? ` (${end.why})` : '';
      const at = 'at' in end ? ` at ${Math.round(end.at)}` : '';
      return `${via} at ${Math.round(sentAt)}${taken}: ${end.kind}${at}${why}`;
    })
    .join('; ');
