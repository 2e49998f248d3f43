import { loginState } from '@mini-claude-bot/claude';
import type { ClaudeRuntime } from '../claude/claude-runtime.ts';
import type { Clock } from '../host/clock.ts';

export type Login = 'logged_in' | 'logged_out' | 'unknown';

/** How long what was found out is taken for the present, in milliseconds. */
const freshMs = 3 * 60_000;

/** Whether Claude is logged in. To find out takes a process and a second, so nobody waits for it. */
export class ClaudeLogin {
  readonly #claude: ClaudeRuntime;
  readonly #clock: Clock;
  readonly #onChanged: () => void;
  #known: Login = 'unknown';
  #askedAtMs: number | undefined;

  constructor(claude: ClaudeRuntime, clock: Clock, onChanged: () => void) {
    this.#claude = claude;
    this.#clock = clock;
    this.#onChanged = onChanged;
  }

  /** As it was found out last; where that is long ago, it is found out anew meanwhile. */
  get state(): Login {
    const now = this.#clock.now();
    if (this.#askedAtMs === undefined || now - this.#askedAtMs > freshMs) {
      this.#askedAtMs = now;
      void this.#find().catch(() => this.#note('unknown'));
    }
    return this.#known;
  }

  async #find(): Promise<void> {
    const { executable } = await this.#claude.settings();
    const { kind } = await loginState(executable, { ...this.#claude.environment });
    this.#note(kind);
  }

  #note(login: Login): void {
    const before = this.#known;
    this.#known = login;
    if (before !== login) this.#onChanged();
  }
}
