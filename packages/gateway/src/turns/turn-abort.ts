/** Why a running turn is ended from outside. The reason of the abort signal that ends it. */
export type AbortKind = 'stopped' | 'interrupted' | 'turn_timeout' | 'no_progress';

export class TurnAbort {
  readonly kind: AbortKind;

  constructor(kind: AbortKind) {
    this.kind = kind;
  }
}

/** The reason of an aborted signal. */
export const abortKind = (signal: AbortSignal): AbortKind =>
  signal.reason instanceof TurnAbort ? signal.reason.kind : 'interrupted';
