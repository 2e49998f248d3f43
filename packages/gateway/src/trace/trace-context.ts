import type { SpanContext } from '@opentelemetry/api';
import type { TraceContext } from './tracer.ts';

const form = /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/;

/** undefined: it is none. */
export function parseTraceContext(text: TraceContext): SpanContext | undefined {
  const [, traceId, spanId, flags] = form.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
}

export const traceContextOf = ({ traceId, spanId, traceFlags }: SpanContext): TraceContext =>
  `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
