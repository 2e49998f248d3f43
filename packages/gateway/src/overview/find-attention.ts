import type { Attention } from '@mini-claude-bot/contract';

/** How things are, as far as it is known. */
export interface Situation {
  readonly claude: 'logged_in' | 'logged_out' | 'unknown';
  /** Incidents of jobs that go on, and that nobody has acknowledged. */
  readonly failingJobs: number;
  readonly deadDeliveries: number;
  /** Of the last week: tasks that wait for an answer of somebody. */
  readonly blockedTasks: number;
  /** Of the last hour. */
  readonly failedTurns: number;
  readonly embeddings: {
    readonly wanted: boolean;
    readonly works: boolean;
    readonly detail: string | null;
    readonly fix: string | null;
    /** Passages without a vector. */
    readonly behind: number;
  };
  /** Bytes. */
  readonly memory: { readonly free: number; readonly floor: number };
  /** Of the file system that the database is on; undefined: not known. */
  readonly disk: { readonly usedPercent: number; readonly freeGb: number } | undefined;
}

/** That many passages are done in a moment. */
const soonEmbedded = 500;
const fullPercent = 95;
const nearlyFullPercent = 90;
/** What a busy day may write. */
const littleDiskGb = 1;
const megabyte = 1024 * 1024;

/** What its owner should look at: problems before warnings, each with what to do. */
export function findAttention(situation: Situation): Attention[] {
  const found = [
    login(situation),
    memory(situation),
    disk(situation),
    ...counted(situation),
    embeddings(situation),
  ].filter((one) => one !== undefined);
  const rank = ({ level }: Attention): number => (level === 'problem' ? 0 : 1);
  return found.toSorted((a, b) => rank(a) - rank(b));
}

function login({ claude }: Situation): Attention | undefined {
  if (claude !== 'logged_out') return undefined;
  return {
    kind: 'not_logged_in',
    level: 'problem',
    count: null,
    words: 'Claude is not logged in: chats get an error.',
    fix: 'Log in with: mini-claude-bot login',
  };
}

function memory({ memory: { free, floor } }: Situation): Attention | undefined {
  if (free >= floor * 1.5) return undefined;
  const left = `${Math.floor(free / megabyte)} MB of memory are free`;
  const isLow = free < floor;
  return {
    kind: 'memory_low',
    level: isLow ? 'problem' : 'warning',
    count: null,
    words: isLow ? `${left}: too little to start a turn.` : `${left}: soon too little for a turn.`,
    fix: 'End other programs, or let fewer Claude processes live (GATEWAY_MAX_WARM_SESSIONS).',
  };
}

function disk({ disk: found }: Situation): Attention | undefined {
  if (found === undefined) return undefined;
  const { usedPercent, freeGb } = found;
  const isFull = usedPercent >= fullPercent || freeGb < littleDiskGb;
  if (!isFull && usedPercent < nearlyFullPercent) return undefined;
  return {
    kind: 'disk_low',
    level: isFull ? 'problem' : 'warning',
    count: null,
    words: `The disk of the database is ${Math.round(usedPercent)} % full; ${freeGb.toFixed(1)} GB are free.`,
    fix: 'Make room: messages are refused once nothing can be written.',
  };
}

function counted(situation: Situation): (Attention | undefined)[] {
  const { failingJobs, deadDeliveries, blockedTasks, failedTurns } = situation;
  const one = (
    kind: Attention['kind'],
    level: Attention['level'],
    count: number,
    words: string,
    fix: string,
  ): Attention | undefined => (count === 0 ? undefined : { kind, level, count, words, fix });
  return [
    one(
      'failing_jobs',
      'problem',
      failingJobs,
      `${count(failingJobs, 'job fails', 'jobs fail')} again and again, or can not run.`,
      'Look at the incidents, mend the jobs, and acknowledge them.',
    ),
    one(
      'dead_deliveries',
      'problem',
      deadDeliveries,
      `${count(deadDeliveries, 'delivery was', 'deliveries were')} given up.`,
      'Each says why. Mend that, and retry.',
    ),
    one(
      'failed_turns',
      'warning',
      failedTurns,
      `${count(failedTurns, 'turn', 'turns')} failed in the last hour.`,
      'Each says why, in its conversation.',
    ),
    one(
      'blocked_tasks',
      'warning',
      blockedTasks,
      `${count(blockedTasks, 'background task waits', 'background tasks wait')} for an answer.`,
      'Read what they need, and write it to their chats.',
    ),
  ];
}

const count = (n: number, one: string, several: string): string =>
  `${n} ${n === 1 ? one : several}`;

function embeddings({ embeddings: found }: Situation): Attention | undefined {
  const { wanted, works, detail, fix, behind } = found;
  if (!wanted) return undefined;
  if (!works) {
    return {
      kind: 'embeddings_down',
      level: 'warning',
      count: null,
      words: `Search goes by words alone: ${detail ?? 'the embedding server does not answer'}.`,
      fix: fix ?? 'mini-claude-bot doctor says more.',
    };
  }
  if (behind <= soonEmbedded) return undefined;
  return {
    kind: 'embeddings_behind',
    level: 'warning',
    count: behind,
    words: `${behind} passages can not be found by meaning yet.`,
    fix: 'Nothing, if it becomes less: they are being indexed.',
  };
}
