import { acceptedAt, type Check, firstSentAt, turnsByChat } from './read-round.ts';

/** A message that was sent after another of its chat was taken comes after it. */
export const takenInOrder: Check = (round) =>
  [...turnsByChat(round).values()].flatMap((inOrder) =>
    inOrder.flatMap(([, later], index) =>
      inOrder.slice(0, index).flatMap(([, earlier]) => {
        // It stands before in the journal, though it was sent when the other was taken already.
        const takenFirst = acceptedAt(later) ?? Number.POSITIVE_INFINITY;
        if (firstSentAt(earlier) <= takenFirst) return [];
        return [
          {
            chat: later.planned.chat,
            message: later.planned.id,
            what: `taken before ${earlier.planned.id} was sent, and stored after it`,
          },
        ];
      }),
    ),
  );

/** The model hears the messages of a chat in the order of the journal. */
export const heardInOrder: Check = (round) =>
  [...turnsByChat(round).values()].flatMap((inOrder) => {
    const heard = inOrder.flatMap(([, message]) => {
      const first = round.requests.find(({ prompt }) => prompt === message.planned.text);
      return first === undefined ? [] : [{ message, at: first.receivedAt }];
    });
    return heard.flatMap(({ message, at }, index) => {
      const before = heard[index - 1];
      if (before === undefined || before.at <= at) return [];
      return [
        {
          chat: message.planned.chat,
          message: message.planned.id,
          what: `the model heard it before ${before.message.planned.id}, which was taken first`,
        },
      ];
    });
  });

/** One at a time: a turn begins when the one before it in its chat has ended. */
export const oneAtATime: Check = (round) =>
  [...turnsByChat(round).values()].flatMap((inOrder) => {
    // An interrupted one has the time of the restart for its end.
    const ran = inOrder.filter(
      ([{ state, startedAtMs }]) => startedAtMs !== null && state !== 'interrupted',
    );
    return ran.flatMap(([turn, message], index) => {
      const before = ran[index - 1];
      const begun = turn.startedAtMs ?? 0;
      if (before === undefined || (before[0].finishedAtMs ?? 0) <= begun) return [];
      return [
        {
          chat: message.planned.chat,
          message: message.planned.id,
          what: `it began before ${before[1].planned.id} had ended`,
        },
      ];
    });
  });
