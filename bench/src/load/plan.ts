/** How the reader of a message behaves. */
export const habits = [
  'at once',
  'slowly',
  'stops',
  'leaves',
  'comes back',
  'waits for all of it',
] as const;
export type Habit = (typeof habits)[number];

export interface PlannedMessage {
  readonly chat: string;
  /** Stands in the message and in its reply, and nowhere else. */
  readonly id: string;
  readonly text: string;
  readonly habit: Habit;
}

/** A chat's messages: those of a burst are sent without waiting for the answers to the others. */
export interface PlannedChat {
  readonly id: string;
  readonly bursts: readonly (readonly PlannedMessage[])[];
}

/** Messages of a chat, on average. */
export const meanMessages = 10;
const fewest = 2;
const most = 2 * meanMessages - fewest;
const longestBurst = 6;

/** Every so many chats one ends with a reply that no connection holds: its reader is waited for. */
const longEvery = 10;
/** Three million characters: three times what the gateway keeps of a turn's events. */
const longReply = '[[words:450000]] [[chunk:500]]';
const longHabits: readonly Habit[] = ['slowly', 'stops', 'comes back'];

/**
 * What everybody says, the same in each run. The chats have 2 to 18 messages, so that from the first
 * quarter to the last some end and others go on, and all that happens in one quarter happens in each.
 * @param chats an even number
 */
export const planLoad = (chats: number): PlannedChat[] =>
  Array.from({ length: chats }, (_, index) => planChat(index));

function planChat(index: number): PlannedChat {
  const id = `c${String(index).padStart(3, '0')}`;
  // Two neighbours have twenty together.
  const few = fewest + (Math.floor(index / 2) % (most - fewest + 1));
  const count = index % 2 === 0 ? few : fewest + most - few;
  const messages = Array.from({ length: count }, (_, n) => planMessage(index, id, n, count));
  return { id, bursts: inBursts(messages, index) };
}

function planMessage(index: number, chat: string, n: number, count: number): PlannedMessage {
  const id = `${chat}-m${String(n).padStart(2, '0')}`;
  const habit = habits[(index + n) % habits.length] ?? 'at once';
  const words = `[[text:${id}]] [[words:${20 + ((7 * index + 13 * n) % 100)}]]`;
  if (n < count - 1) return { chat, id, habit, text: words };
  // The last one is answered with all that was said before, as the model heard it.
  const last = `[[text:${id}]] [[history]]`;
  if (index % longEvery !== 0) return { chat, id, habit, text: last };
  const longHabit = longHabits[(index / longEvery) % longHabits.length] ?? 'slowly';
  return { chat, id, habit: longHabit, text: `${last} ${longReply}` };
}

/** Bursts of one to six. */
function inBursts(messages: readonly PlannedMessage[], index: number): PlannedMessage[][] {
  const bursts: PlannedMessage[][] = [];
  for (let start = 0, turn = index; start < messages.length; turn += 1) {
    const end = start + 1 + (turn % longestBurst);
    bursts.push(messages.slice(start, end));
    start = end;
  }
  return bursts;
}

/** All messages of a chat, in the order in which they are sent. */
export const messagesOf = ({ bursts }: PlannedChat): PlannedMessage[] => bursts.flat();
