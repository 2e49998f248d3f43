import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Tracer as ApiTracer,
  type Context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { wait } from '../host/wait.ts';
import { ExporterThatTells } from './exporter-that-tells.ts';
import type { TraceOptions } from './open-tracer.ts';
import { parseTraceContext, traceContextOf } from './trace-context.ts';
import type { Span, SpanOptions, TraceContext, Tracer } from './tracer.ts';

/** How long the end of the gateway waits for the collector, in milliseconds. */
const closeMs = 2_000;

const kinds = { server: SpanKind.SERVER, client: SpanKind.CLIENT } as const;

/** Spans by OpenTelemetry, sent by OTLP over HTTP. Loaded only where somebody wants them. */
export class OtelTracer implements Tracer {
  readonly #provider: TracerProvider;
  readonly #tracer: ApiTracer;
  readonly #present = new AsyncLocalStorage<TraceContext | undefined>();
  readonly #clock: TraceOptions['clock'];

  constructor({ endpoint, headers, serviceName, version, clock, logger }: TraceOptions) {
    const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, headers });
    this.#clock = clock;
    this.#provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': serviceName,
        'service.version': version,
      }),
      spanProcessors: [
        new BatchSpanProcessor({ exporter: new ExporterThatTells(exporter, logger) }),
      ],
    });
    this.#tracer = this.#provider.getTracer('mini-claude-bot', version);
  }

  readonly start = (name: string, { parent, kind, facts = {} }: SpanOptions): Span => {
    const options = {
      kind: kind === undefined ? SpanKind.INTERNAL : kinds[kind],
      attributes: facts,
    };
    const span = this.#tracer.startSpan(name, options, contextOf(parent));
    return {
      context: traceContextOf(span.spanContext()),
      set: (more) => void span.setAttributes(more),
      event: (happened) => void span.addEvent(happened),
      end: (fault) => {
        if (fault !== undefined) {
          span.setAttribute('error.type', fault);
          span.setStatus({ code: SpanStatusCode.ERROR, message: fault });
        }
        span.end();
      },
    };
  };

  readonly within = <T>({ context }: Span, work: () => T): T => this.#present.run(context, work);

  readonly current = (): TraceContext | undefined => this.#present.getStore();

  readonly close = async (): Promise<void> => {
    const late = new AbortController();
    const sent = this.#provider.shutdown().catch(() => {});
    await Promise.race([sent, wait(closeMs, this.#clock, late.signal).catch(() => {})]);
    late.abort(new Error('it is sent'));
  };
}

function contextOf(parent: TraceContext | undefined): Context {
  const known = parent === undefined ? undefined : parseTraceContext(parent);
  return known === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, known);
}
