/** What may be told of a span: no text that anybody wrote, no path, no id of a chat. */
export type SpanFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where a span belongs, as W3C's `traceparent` has it; it can be stored, and gone on with after a restart. */
export type TraceContext = string;

export interface SpanOptions {
  /** What it is a part of; undefined: it begins a trace. */
  readonly parent: TraceContext | undefined;
  /** `server`: somebody outside waits for it; `client`: we wait for somebody outside. */
  readonly kind?: 'server' | 'client';
  readonly facts?: SpanFacts;
}

/** Something that takes its time. */
export interface Span {
  /** undefined where nothing is traced. */
  readonly context: TraceContext | undefined;
  readonly set: (facts: SpanFacts) => void;
  /** Something happened in it, just now. */
  readonly event: (name: string) => void;
  /** @param fault a code, where it failed */
  readonly end: (fault?: string) => void;
}

/** Tells what the gateway does, and how long that takes, to a collector. */
export interface Tracer {
  readonly start: (name: string, options: SpanOptions) => Span;
  /** Do something as a part of a span: {@link current} is its context until then, also after an `await`. */
  readonly within: <T>(span: Span, work: () => T) => T;
  readonly current: () => TraceContext | undefined;
  /** Send what was not sent yet, as far as that does not take long. */
  readonly close: () => Promise<void>;
}

const noSpan: Span = { context: undefined, set: () => {}, event: () => {}, end: () => {} };

/** Traces nothing, and costs nothing. */
export const noTracer: Tracer = {
  start: () => noSpan,
  within: (_, work) => work(),
  current: () => undefined,
  close: async () => {},
};
