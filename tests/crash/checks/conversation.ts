import { z } from 'zod';
import type { ObservedMessage, RoundEvidence, StoredTurn } from '../evidence.ts';
import {
  acceptedAt,
  type Check,
  firstSentAt,
  sameChat,
  turnsByChat,
  turnsOf,
} from './read-round.ts';

const Prompts = z.array(z.string());

/** The next message of a chat goes on from its transcript: what had completed is remembered, once. */
export const conversationGoesOn: Check = (round) =>
  probesOf(round).flatMap(({ message, remembered }) => {
    const { chat, id } = message.planned;
    const fault = (what: string) => ({ chat, message: id, what });
    if (remembered === undefined) {
      const [turn] = turnsOf(round, message);
      return [fault(`asked what it remembers, the chat said ${JSON.stringify(turn?.answer)}`)];
    }
    const expected = completedSinceStop(round, message);
    const places = expected.map(({ prompt }) =>
      remembered.findIndex((said) => said.includes(prompt)),
    );
    const forgotten = expected.filter((_, index) => places[index] === -1);
    const disordered = places.some((place, index) => place < (places[index - 1] ?? -1));
    return [
      ...forgotten.map(({ prompt }) =>
        fault(`the conversation forgot: ${prompt}; it has ${JSON.stringify(remembered.slice(-8))}`),
      ),
      ...(disordered && forgotten.length === 0
        ? [fault(`the conversation is out of order: ${JSON.stringify(remembered.slice(-8))}`)]
        : []),
      ...stoppedButRemembered(round, message, remembered).map((text) =>
        fault(`the conversation was stopped, and remembers: ${text}`),
      ),
    ];
  });

/** What each chat said when it was asked for its earlier prompts. */
function probesOf(round: RoundEvidence) {
  return round.messages
    .filter(({ planned }) => planned.kind === 'probe')
    .map((message) => {
      const [turn] = turnsOf(round, message);
      return { message, remembered: promptsIn(turn?.answer) };
    });
}

function promptsIn(answer: string | null | undefined): string[] | undefined {
  try {
    return Prompts.parse(JSON.parse(answer ?? ''));
  } catch {
    return undefined;
  }
}

/** Turns of this round that the conversation must know: they completed, and began after any stop. */
function completedSinceStop(round: RoundEvidence, probe: ObservedMessage): StoredTurn[] {
  const stops = round.interruptions.filter(
    ({ planned }) => planned.kind === 'stop' && sameChat(planned.chat, probe.planned.chat),
  );
  // A stop whose answer was lost may have come through, or not: what surely came later counts.
  const since = Math.max(0, ...stops.map(({ sentAt, doneAt }) => doneAt ?? sentAt + 10_000));
  const ofChat = [...turnsByChat(round).values()]
    .flat()
    .filter(([, { planned }]) => sameChat(planned.chat, probe.planned.chat));
  return ofChat
    .filter(([{ state }, message]) => state === 'completed' && message !== probe)
    .filter(([, message]) => firstSentAt(message) >= since)
    .map(([turn]) => turn);
}

function stoppedButRemembered(
  round: RoundEvidence,
  probe: ObservedMessage,
  remembered: readonly string[],
): string[] {
  return round.interruptions.flatMap(({ planned, sentAt, doneAt }) => {
    if (planned.kind !== 'stop' || doneAt === undefined) return [];
    return round.messages
      .filter((message) => sameChat(message.planned.chat, planned.chat) && message !== probe)
      .filter((message) => (acceptedAt(message) ?? Number.POSITIVE_INFINITY) < sentAt)
      .map((message) => message.planned.text)
      .filter(() => sameChat(planned.chat, probe.planned.chat))
      .filter((text) => remembered.some((said) => said.includes(text)));
  });
}
