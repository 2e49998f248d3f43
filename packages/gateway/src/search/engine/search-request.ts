import type { Explanation, SearchMode, Snippet } from '@mini-claude-bot/contract';
import type { TextFound, VectorFound } from '../rank/fuse.ts';
import type { Kind } from '../text/match-expression.ts';

/** Which rows may be found. All of them hold. */
export interface Scope {
  readonly kind: Kind;
  /** undefined: all bots. */
  readonly botId?: string | undefined;
  /** Of messages only, these. */
  readonly sessionId?: string | undefined;
  readonly role?: string | undefined;
  readonly source?: string | undefined;
  /** `YYYY-MM-DD HH:MM:SS`, UTC. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** The query as a model sees it. */
export interface QueryVector {
  readonly modelId: number;
  readonly values: Float32Array;
}

/** A hit that is still to be shown: row, passage, distance, and where it is wanted why it stands there. */
export type Waiting = readonly [
  row: number,
  start: number,
  end: number,
  distance: number,
  explain?: Explanation,
];

export interface SearchRequest {
  readonly scope: Scope;
  readonly query: string;
  readonly mode: SearchMode;
  readonly vector?: QueryVector | undefined;
  readonly limit: number;
  readonly explain: boolean;
  /** Unix milliseconds, for recency. */
  readonly nowMs: number;
  /** What both halves of a hybrid search found, where that was looked for beforehand. */
  readonly halves?: { readonly text: readonly TextFound[]; readonly near: readonly VectorFound[] };
  /** The hits of an earlier search that are still to be shown, instead of a new search. */
  readonly waiting?: readonly Waiting[] | undefined;
}

/** A row as it is stored, with where it was found. */
export interface EngineHit {
  readonly row: Readonly<Record<string, unknown>>;
  readonly distance: number;
  readonly snippet: Snippet;
  readonly explain?: Explanation;
}

export interface SearchReply {
  readonly hits: readonly EngineHit[];
  /** How it was really looked for. */
  readonly mode: SearchMode;
  readonly waiting: readonly Waiting[];
}

/** How many rows there are, and how many wait. */
export interface Counts {
  readonly rows: number;
  readonly waiting: number;
  readonly passages: number;
  readonly unembedded: number;
}

/** What does the searching: on a thread of its own, or, for a database in memory, right here. */
export interface Engine {
  readonly search: (request: SearchRequest) => Promise<SearchReply>;
  /** The half of a hybrid search that goes by words. */
  readonly byWords: (request: SearchRequest) => Promise<readonly TextFound[]>;
  /** The half that goes by vectors; both can be looked for at once. */
  readonly byVector: (request: SearchRequest) => Promise<readonly VectorFound[]>;
  readonly counts: (kind: Kind, botId: string | undefined, modelId: number) => Promise<Counts>;
  readonly close: () => Promise<void>;
}
