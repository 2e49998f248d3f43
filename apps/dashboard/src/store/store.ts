import type { DashboardState } from './dashboard-state.ts';

/** Where the figures are kept between two pushes. */
export interface Store {
  /** For who looks at the page; may be some seconds old. undefined: nothing was pushed yet. @throws StoreError */
  readonly read: () => Promise<DashboardState | undefined>;
  /** What was written last, for who writes next. @throws StoreError */
  readonly newest: () => Promise<DashboardState | undefined>;
  /** @returns what was kept of it @throws StoreError */
  readonly write: (state: DashboardState) => Promise<DashboardState>;
}

/** The store can't be used now. The message is for the owner, and holds no secret. */
export class StoreError extends Error {
  /** The HTTP status of the answer. */
  readonly status: number;
  /** How long to wait, in seconds, as far as it is known. */
  readonly retryAfter: string | undefined;

  constructor(message: string, status = 503, retryAfter?: string) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}
