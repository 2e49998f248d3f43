import { BotId, ChatId, type ChatKey } from '@mini-claude-bot/contract';
import { type Random, randomOfRound } from './random.ts';

/** What a message makes the model do. */
export const messageKinds = [
  'plain',
  'slow',
  'tool',
  'daemon',
  'refused-once',
  'cut-once',
  'cut-midway-once',
  'failing',
  'probe',
] as const;
export type MessageKind = (typeof messageKinds)[number];

/** How the client of a message behaves. A `comesBack` one sends the text again; another gives up. */
export type Habit =
  | { readonly kind: 'send' }
  | { readonly kind: 'stream' }
  /** It reads a stream up to an event of that type, and goes away. */
  | {
      readonly kind: 'leave';
      readonly at: 'turn' | 'started' | 'text';
      readonly comesBack: boolean;
    }
  /** It sends by `/send`, and hangs up. */
  | { readonly kind: 'hang-up'; readonly afterMs: number };

export interface PlannedMessage {
  readonly id: string;
  readonly chat: ChatKey;
  readonly kind: MessageKind;
  /** Unique: a prompt, an answer or a row is known by it. */
  readonly text: string;
  /** From the beginning of the round, in milliseconds. */
  readonly startMs: number;
  readonly habit: Habit;
}

/** A user ends what goes on in a chat. */
export interface PlannedInterruption {
  readonly kind: 'stop' | 'reset';
  readonly chat: ChatKey;
  readonly startMs: number;
}

/** How far a message has come, as seen from outside. */
export type Phase = 'sent' | 'accepted' | 'asked' | 'streaming' | 'answered' | 'told';

/** When the gateway is killed: at a time, or just after a message came to a phase. */
export type KillMoment =
  | { readonly kind: 'time'; readonly afterMs: number }
  | {
      readonly kind: 'phase';
      readonly message: string;
      readonly phase: Phase;
      readonly plusMs: number;
    };

/** Everything that chance decides in a round. */
export interface RoundPlan {
  readonly seed: number;
  readonly round: number;
  readonly chats: readonly ChatKey[];
  readonly messages: readonly PlannedMessage[];
  readonly interruptions: readonly PlannedInterruption[];
  readonly kill: KillMoment;
  /** Further kills, in milliseconds after the start of the process that is killed. */
  readonly startUpKills: readonly number[];
  /** How the round's last gateway ends. */
  readonly end: 'stop' | 'kill';
}

const chatOf = (bot: string, chat: string): ChatKey => ({
  botId: BotId.parse(bot),
  chatId: ChatId.parse(chat),
});

/** The chats of all rounds. Two bots share an id. */
export const chats: readonly ChatKey[] = [
  chatOf('default', '1'),
  chatOf('default', '-1002'),
  chatOf('default', 'tea'),
  chatOf('other', '1'),
  chatOf('other', 'coffee'),
  chatOf('other', 'milk'),
];

export const nameOf = ({ botId, chatId }: ChatKey): string => `${botId}/${chatId}`;

/** The words that only the answer of that message has. */
export const answerOf = (id: string): string => `answer-${id}.`;

/** Where a message's tool leaves its mark: one line a run, in the gateway's home. */
export const toolFile = (id: string): string => `ran-${id}`;

const kinds: readonly MessageKind[] = [
  ...['plain', 'plain', 'plain', 'slow', 'slow', 'slow', 'tool', 'tool', 'daemon'],
  ...['refused-once', 'cut-once', 'cut-midway-once', 'failing'],
].flatMap((name) => messageKinds.find((kind) => kind === name) ?? []);

/** Between the model's last word and the client's knowledge of it most has to be got right. */
const phases: readonly Phase[] = [
  ...(['sent', 'accepted', 'asked', 'streaming', 'told'] as const),
  ...(['answered', 'answered', 'answered'] as const),
];

/** Messages are sent over so long. */
const sendingMs = 1_200;
/** By then a usual workload has had its last answer. */
const usualEndMs = 5_000;

export function planRound(seed: number, round: number): RoundPlan {
  const random = randomOfRound(seed, round);
  const ofRound = random.sample(chats, random.whole(2, 4));
  const messages = planMessages(random, round, ofRound);
  return {
    seed,
    round,
    chats: ofRound,
    messages,
    interruptions: planInterruptions(random, ofRound),
    kill: planKill(random, messages),
    startUpKills: planStartUpKills(random),
    end: random.chance(0.5) ? 'stop' : 'kill',
  };
}

/** A message that asks a chat what it remembers. */
export const probeOf = (round: number, index: number, chat: ChatKey): PlannedMessage => ({
  id: `r${round}p${index}`,
  chat,
  kind: 'probe',
  text: textOf(`r${round}p${index}`, 'probe', 0),
  startMs: 0,
  habit: { kind: 'send' },
});

function planMessages(random: Random, round: number, ofRound: readonly ChatKey[]) {
  const planned: PlannedMessage[] = [];
  const add = (chat: ChatKey, startMs: number): void => {
    const id = `r${round}m${planned.length}`;
    const kind = random.pick(kinds);
    const text = textOf(id, kind, random.whole(20, 60));
    planned.push({ id, chat, kind, text, startMs, habit: planHabit(random, kind) });
  };
  const crowded = random.pick(ofRound);
  for (const chat of ofRound) {
    const startMs = random.whole(0, sendingMs);
    const count = chat === crowded ? 3 : random.whole(1, 2);
    // In the crowded chat two wait behind one; elsewhere a second message may come when all is done.
    const gap = chat === crowded ? 60 : 1_000;
    for (let n = 0; n < count; n += 1) add(chat, startMs + n * random.whole(20, gap));
  }
  return planned;
}

function textOf(id: string, kind: MessageKind, slowMs: number): string {
  const answer = `[[text:${answerOf(id)}]]`;
  const mark = `echo ran >> "$HOME/${toolFile(id)}"`;
  switch (kind) {
    case 'plain':
      return `${id} ${answer}`;
    case 'slow':
      return `${id} [[slow:${slowMs}]] [[words:20]] ${answer}`;
    case 'tool':
      return `${id} [[bash:${mark}; sleep 0.${slowMs}]] [[/]] ${answer}`;
    case 'daemon':
      return `${id} [[bash:${mark}; (setsid sleep 900 >/dev/null 2>&1 &)]] [[/]] ${answer}`;
    case 'refused-once':
      return `${id} [[status:529]] [[times:1]] ${answer}`;
    case 'cut-once':
      return `${id} [[cut]] [[times:1]] ${answer}`;
    case 'cut-midway-once':
      return `${id} [[text:Half.]] [[cut-mid]] [[times:1]] ${answer}`;
    case 'failing':
      return `${id} [[status:400]]`;
    case 'probe':
      return `${id} [[history]]`;
  }
}

function planHabit(random: Random, kind: MessageKind): Habit {
  const drawn = random.next();
  if (drawn < 0.45) return { kind: 'stream' };
  if (drawn < 0.75) return { kind: 'send' };
  if (drawn < 0.85) return { kind: 'hang-up', afterMs: random.whole(1, 800) };
  // Who leaves when the end may be under way can't be told from who had it: they must not come back.
  const unhurried = kind === 'slow' || kind === 'tool' || kind === 'daemon';
  const comesBack = unhurried && random.chance(0.6);
  const at = random.pick(comesBack ? ['turn', 'started'] : ['turn', 'started', 'text']);
  return { kind: 'leave', at: at === 'turn' || at === 'started' ? at : 'text', comesBack };
}

function planInterruptions(random: Random, ofRound: readonly ChatKey[]): PlannedInterruption[] {
  if (!random.chance(0.3)) return [];
  return [
    {
      kind: random.chance(0.5) ? 'stop' : 'reset',
      chat: random.pick(ofRound),
      startMs: random.whole(200, sendingMs + 1_500),
    },
  ];
}

function planKill(random: Random, messages: readonly PlannedMessage[]): KillMoment {
  if (random.chance(0.4)) return { kind: 'time', afterMs: random.whole(0, usualEndMs) };
  return {
    kind: 'phase',
    message: random.pick(messages).id,
    phase: random.pick(phases),
    // Most faults hide within milliseconds of a step.
    plusMs: random.chance(0.3) ? 0 : random.whole(0, 50),
  };
}

function planStartUpKills(random: Random): number[] {
  if (!random.chance(0.25)) return [];
  return Array.from({ length: random.whole(1, 2) }, () => random.whole(50, 1_400));
}
