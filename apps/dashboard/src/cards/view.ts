import type { DashboardState } from '../store/dashboard-state.ts';
import type { Words } from '../words/words.ts';
import type { Writing } from '../words/writing.ts';

/** What every part of the page is made from. */
export interface View {
  readonly state: DashboardState;
  readonly words: Words;
  readonly writing: Writing;
  /** Unix milliseconds. */
  readonly nowMs: number;
  readonly staleMs: number;
}
