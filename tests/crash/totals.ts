import type { RoundEvidence, StoredTurn } from './evidence.ts';

/** What the rounds so far amount to. */
export class Totals {
  readonly #states = new Map<string, number>();
  readonly #seconds: number[] = [];
  #deaths = 0;
  #messages = 0;
  #repeats = 0;

  add(round: RoundEvidence, ms: number): void {
    this.#seconds.push(ms / 1000);
    this.#deaths += round.deaths.length + (round.plan.end === 'kill' ? 1 : 0);
    this.#messages += round.messages.length;
    this.#repeats += repeatsIn(round);
    for (const { state } of turnsOfRound(round)) {
      this.#states.set(state, (this.#states.get(state) ?? 0) + 1);
    }
  }

  get rounds(): number {
    return this.#seconds.length;
  }

  /** Lines for people. */
  describe(): string[] {
    const sorted = this.#seconds.toSorted((a, b) => a - b);
    const at = (share: number): string =>
      (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
    const all = sorted.reduce((sum, seconds) => sum + seconds, 0);
    return [
      `${this.rounds} rounds, ${this.#deaths} deaths, ${this.#messages} messages, ${this.#repeats} sent again`,
      `turns: ${[...this.#states].map(([state, count]) => `${count} ${state}`).join(', ')}`,
      `${all.toFixed(0)} s; a round took ${at(0.5)} s (median), ${at(0.95)} s (95 %), ${at(1)} s (longest)`,
    ];
  }
}

/** A round in a line. */
export function describeRound(round: RoundEvidence, ms: number): string {
  const { plan } = round;
  const { kill, startUpKills } = plan;
  const when =
    kill.kind === 'time'
      ? `at ${kill.afterMs} ms`
      : `${kill.plusMs} ms after ${kill.message} was ${kill.phase}`;
  const again = startUpKills.map((afterMs) => `, start-up killed at ${afterMs} ms`).join('');
  const disturbed = plan.interruptions.map(({ kind }) => `, a ${kind}`).join('');
  return (
    `round ${plan.round}: ${plan.messages.length} messages${disturbed}; killed ${when}${again}; ` +
    `${statesOf(round)}; ${repeatsIn(round)} sent again; ${plan.end}; ${(ms / 1000).toFixed(1)} s`
  );
}

/** How its turns stood at the death, and how they ended. */
function statesOf(round: RoundEvidence): string {
  const texts = new Set(round.plan.messages.map(({ text }) => text));
  const count = (turns: readonly StoredTurn[]): string => {
    const states = new Map<string, number>();
    for (const { state, prompt } of turns) {
      if (texts.has(prompt)) states.set(state, (states.get(state) ?? 0) + 1);
    }
    return [...states].map(([state, number]) => `${number} ${state}`).join(' ') || 'nothing';
  };
  return `${count(round.deaths[0]?.turns ?? [])} -> ${count(round.stored.turns)}`;
}

function turnsOfRound({ messages, stored }: RoundEvidence): StoredTurn[] {
  const texts = new Set(messages.map(({ planned }) => planned.text));
  return stored.turns.filter(({ prompt }) => texts.has(prompt));
}

const repeatsIn = ({ messages }: RoundEvidence): number =>
  messages.reduce((sum, { attempts }) => sum + attempts.length - 1, 0);
